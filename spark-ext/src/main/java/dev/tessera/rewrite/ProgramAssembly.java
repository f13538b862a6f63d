package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgram.Instruction;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row program of several applications: element-wise ops, casts, and reductions of the last axis that keep it.
 * Scalar constants become immediates. Used once, by one thread.
 */
final class ProgramAssembly {
    private final Dim length;
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<RowProgram.Input> declarations = new ArrayList<>();
    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<Tensor, Integer> values = new HashMap<>();

    private ProgramAssembly(Dim length) {
        this.length = length;
    }

    /** The application of the program that computes {@code outputs} by {@code members}, each after its arguments. */
    static Apply assemble(List<Apply> members, List<Tensor> outputs) {
        Dim length = Dim.ONE;
        for (Apply member : members) {
            Dim last = lastDim(whole(member));
            length = last.isKnown(1) ? length : last;
        }
        ProgramAssembly assembly = new ProgramAssembly(length);
        members.forEach(assembly::add);
        List<Integer> results = new ArrayList<>();
        outputs.forEach(output -> results.add(assembly.value(output)));
        RowProgram program = new RowProgram(assembly.declarations, assembly.instructions, results);
        return Apply.of(new Op.Fused(program), assembly.inputs);
    }

    /** The shape that a member runs over, or null of an application that cannot be one. */
    static @Nullable Shape wholeOrNull(Apply apply) {
        if (apply.op() instanceof Op.Elementwise || apply.op() instanceof Op.Cast) {
            return apply.output().shape();
        }
        boolean reduces = apply.op() instanceof Op.Reduce op
                && LastAxis.isReduced(apply.inputs().get(0), op.axes(), op.keepDims());
        return reduces ? apply.inputs().get(0).shape() : null;
    }

    private static Shape whole(Apply member) {
        Shape whole = wholeOrNull(member);
        if (whole == null) {
            throw new IllegalStateException(member + " is no part of a row program");
        }
        return whole;
    }

    static Dim lastDim(Shape shape) {
        return shape.rank() == 0 ? Dim.ONE : shape.dim(shape.rank() - 1);
    }

    static boolean isImmediate(Tensor value) {
        return value instanceof Constant && value.rank() == 0;
    }

    private void add(Apply member) {
        List<Integer> arguments = new ArrayList<>();
        for (Tensor input : member.inputs()) {
            arguments.add(values.containsKey(input) ? value(input) : load(input));
        }
        if (member.op() instanceof Op.Elementwise op) {
            instructions.add(new RowProgram.Map(op.scalar(), arguments));
        } else if (member.op() instanceof Op.Cast op) {
            instructions.add(new RowProgram.Convert(op.dtype(), arguments.get(0)));
        } else if (member.op() instanceof Op.Reduce op) {
            instructions.add(new RowProgram.Reduce(op.combine(), arguments.get(0)));
        }
        values.put(member.output(), instructions.size() - 1);
    }

    private int load(Tensor input) {
        if (input instanceof Constant constant && isImmediate(input)) {
            instructions.add(new RowProgram.Immediate(input.dtype(), bits(constant.value())));
        } else {
            boolean isVector = input.rank() > 0
                    && (length.isKnown(1) || !lastDim(input.shape()).isKnown(1));
            instructions.add(new RowProgram.Load(inputs.size()));
            inputs.add(input);
            declarations.add(new RowProgram.Input(input.dtype(), isVector));
        }
        values.put(input, instructions.size() - 1);
        return instructions.size() - 1;
    }

    private static long bits(HostTensor scalar) {
        return scalar.dtype().isFloating() ? Double.doubleToRawLongBits(scalar.doubleAt(0)) : scalar.longAt(0);
    }

    private int value(Tensor tensor) {
        Integer value = values.get(tensor);
        if (value == null) {
            throw new IllegalStateException("The program does not compute " + tensor);
        }
        return value;
    }
}
