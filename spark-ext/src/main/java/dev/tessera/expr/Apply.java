package dev.tessera.expr;

import dev.tessera.plan.ExecutionPlan.DimEquality;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * An op applied to inputs. Immutable, with identity equality, because a graph is a DAG in which deep equality would be
 * exponential.
 */
public final class Apply {
    private final Op op;
    private final List<Tensor> inputs;
    private final List<Result> outputs;
    private final List<DimEquality> equalities;

    private Apply(Op op, List<Tensor> inputs, TypeInference.Inferred inferred) {
        this.op = op;
        this.inputs = List.copyOf(inputs);
        this.equalities = inferred.equalities();
        List<Result> results = new ArrayList<>();
        for (TensorType type : inferred.outputs()) {
            results.add(new Result(this, results.size(), type));
        }
        this.outputs = List.copyOf(results);
    }

    /**
     * Applies an op.
     *
     * @throws TensorTypeException if the inputs' dtypes or shapes do not fit the op
     */
    public static Apply of(Op op, List<Tensor> inputs) {
        return new Apply(op, inputs, TypeInference.infer(op, inputs));
    }

    public static Apply of(Op op, Tensor... inputs) {
        return of(op, List.of(inputs));
    }

    public Op op() {
        return op;
    }

    public List<Tensor> inputs() {
        return inputs;
    }

    public List<Result> outputs() {
        return outputs;
    }

    /** The output of an op that has one. */
    public Result output() {
        if (outputs.size() != 1) {
            throw new IllegalStateException(op + " has " + outputs.size() + " outputs");
        }
        return outputs.get(0);
    }

    /** Unknown dims that this application needs to be equal, checked when a row is seen. */
    public List<DimEquality> equalities() {
        return equalities;
    }

    @Override
    public String toString() {
        return op.toString();
    }
}
