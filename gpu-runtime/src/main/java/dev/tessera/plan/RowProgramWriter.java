package dev.tessera.plan;

import com.esotericsoftware.kryo.kryo5.io.Output;

/** Writes row programs. */
public final class RowProgramWriter implements RowProgram.Visitor<Output> {
    private final Output output;

    public RowProgramWriter(Output output) {
        this.output = output;
    }

    public void write(RowProgram program) {
        WireOutput.writeList(output, program.inputs(), input -> {
            output.writeInt(input.dtype().wireCode());
            WireOutput.writeBoolean(output, input.isVector());
        });
        WireOutput.writeList(output, program.instructions(), instruction -> instruction.accept(this));
        WireOutput.writeList(output, program.outputs(), output::writeInt);
    }

    @Override
    public Output visit(RowProgram.Load load) {
        output.writeInt(WireLayout.LOAD);
        output.writeInt(load.input());
        return output;
    }

    @Override
    public Output visit(RowProgram.Immediate immediate) {
        output.writeInt(WireLayout.IMMEDIATE);
        output.writeInt(immediate.dtype().wireCode());
        output.writeLong(immediate.bits());
        return output;
    }

    @Override
    public Output visit(RowProgram.Map map) {
        output.writeInt(WireLayout.MAP);
        output.writeInt(map.op().wireCode());
        WireOutput.writeList(output, map.arguments(), output::writeInt);
        return output;
    }

    @Override
    public Output visit(RowProgram.Convert convert) {
        output.writeInt(WireLayout.CONVERT);
        output.writeInt(convert.dtype().wireCode());
        output.writeInt(convert.argument());
        return output;
    }

    @Override
    public Output visit(RowProgram.Reduce reduce) {
        output.writeInt(WireLayout.REDUCE);
        output.writeInt(reduce.op().wireCode());
        output.writeInt(reduce.argument());
        return output;
    }
}
