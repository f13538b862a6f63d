package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.ColumnDeclaration;
import dev.tessera.catalyst.encoding.ColumnEncodings;
import dev.tessera.catalyst.encoding.ColumnSource;
import dev.tessera.catalyst.encoding.InputEncoding;
import dev.tessera.catalyst.encoding.OutputEncoding;
import dev.tessera.catalyst.encoding.OutputFormat;
import dev.tessera.expr.TensorTypeException;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.ExecutionPlan.PlanInput;
import dev.tessera.plan.ExecutionPlan.PlanOutput;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/**
 * How a plan's inputs are read from some columns, and its outputs written as one. Made alike on the driver, to check a
 * query, and on executors, to run it.
 */
record CallTypes(List<InputEncoding> inputs, List<PlanOutput> planOutputs, List<OutputEncoding> outputs) {
    CallTypes {
        inputs = List.copyOf(inputs);
        planOutputs = List.copyOf(planOutputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * Matches a plan and some columns, in the order of the plan's row inputs.
     *
     * @throws TensorTypeException if a column cannot be read as its input, or there are too few or too many
     */
    static CallTypes of(
            ExecutionPlan plan, List<ColumnSource> columns, OutputFormat format, boolean allowInputDowncast) {
        List<PlanInput> wanted = plan.rowInputs();
        if (wanted.size() != columns.size()) {
            throw new TensorTypeException("Cannot call a function of %d columns with %d: it reads %s"
                    .formatted(
                            wanted.size(),
                            columns.size(),
                            wanted.stream().map(PlanInput::name).toList()));
        }
        List<InputEncoding> inputs = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            inputs.add(ColumnEncodings.input(columns.get(i), wanted.get(i).type(), allowInputDowncast));
        }
        List<OutputEncoding> outputs = new ArrayList<>();
        for (PlanOutput output : plan.outputs()) {
            outputs.add(ColumnEncodings.output(output.type(), format, inputs));
        }
        return new CallTypes(inputs, plan.outputs(), outputs);
    }

    boolean isStruct() {
        return outputs.size() > 1;
    }

    /** The type of the call: that of its one output, or a struct of its outputs by name. */
    DataType dataType() {
        if (!isStruct()) {
            return outputs.get(0).dataType();
        }
        List<StructField> fields = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            PlanOutput output = planOutputs.get(i);
            fields.add(DataTypes.createStructField(
                    output.name(), outputs.get(i).dataType(), false, metadata(output.type())));
        }
        return DataTypes.createStructType(fields);
    }

    /** What the metadata of the call's column says: dtype and shape, if it is one tensor that is no scalar. */
    Metadata metadata() {
        return isStruct() ? Metadata.empty() : metadata(planOutputs.get(0).type());
    }

    private static Metadata metadata(TensorType type) {
        return type.rank() == 0 ? Metadata.empty() : ColumnDeclaration.of(type).addTo(Metadata.empty());
    }
}
