package dev.tessera.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DimSerializerTest {
    private static final Dim N = Dim.named("n");
    private static final Dim M = Dim.named("m");

    static List<Dim> dims() {
        List<Dim> dims = new ArrayList<>(List.of(
                Dim.ZERO,
                Dim.of(-7),
                Dim.of(Long.MAX_VALUE),
                N,
                Dim.named("n".repeat(Dim.MAX_NAME_LENGTH)),
                N.times(N).times(3).plus(M).plus(-1),
                Dim.max(N, M.plus(-5)),
                Dim.min(N, M).floorDivide(2).times(N),
                Dim.call(Dim.Function.FLOOR_DIVIDE, N, M)));
        Dim wide = Dim.ZERO;
        for (int i = 0; i < Dim.MAX_TERMS; i++) {
            wide = wide.plus(Dim.named("x" + i));
        }
        dims.add(wide);
        dims.add(nested(DimSerializer.MAX_DEPTH));
        return dims;
    }

    private static Dim nested(int depth) {
        Dim nested = Dim.max(N.plus(-1), M);
        for (int i = 1; i < depth; i++) {
            nested = Dim.max(nested.times(-1), M);
        }
        return nested;
    }

    private static byte[] bytes(Consumer<Output> writer) {
        Output output = new Output(1024, -1);
        writer.accept(output);
        return output.toBytes();
    }

    private static WireInput input(byte[] bytes) {
        return new WireInput("dim", bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @MethodSource("dims")
    void dimReadsBackEqual(Dim dim) {
        byte[] bytes = bytes(output -> DimSerializer.write(output, dim));
        WireInput input = input(bytes);

        assertThat(DimSerializer.read(input)).isEqualTo(dim);
        assertThat(input.remaining()).isZero();
    }

    /** As many copies as it takes until the reader gives up, or a megabyte of them. */
    @ParameterizedTest
    @MethodSource("dims")
    void whatReadingAllocatesIsCharged(Dim dim) {
        byte[] once = bytes(output -> DimSerializer.write(output, dim));
        int copies = (1 << 20) / once.length;
        byte[] bytes = bytes(output -> {
            for (int i = 0; i < copies; i++) {
                output.writeBytes(once);
            }
        });
        Dim[] dims = new Dim[copies];
        readAll(bytes, dims);

        assertThat(AllocatedBytes.during(() -> readAll(bytes, dims)))
                .isLessThanOrEqualTo(4L * bytes.length + (1 << 20));
    }

    private static void readAll(byte[] bytes, Dim[] dims) {
        WireInput input = input(bytes);
        try {
            for (int i = 0; i < dims.length; i++) {
                dims[i] = DimSerializer.read(input);
            }
        } catch (PlanFormatException e) {
            assertThat(e.check()).isEqualTo(PlanCheck.MEMORY);
        }
    }

    @Test
    void dimsThatAreNotCanonicalAreBroughtIntoThatForm() {
        byte[] twice = bytes(output -> {
            output.writeInt(2);
            for (int i = 0; i < 2; i++) {
                output.writeLong(1);
                output.writeInt(1);
                output.writeInt(0);
                WireOutput.writeText(output, "n");
            }
        });

        assertThat(DimSerializer.read(input(twice))).isEqualTo(N.times(2));
    }

    @Test
    void callsOfKnownSizesAreFolded() {
        byte[] call = bytes(output -> {
            output.writeInt(1);
            output.writeLong(3);
            output.writeInt(1);
            output.writeInt(Dim.Function.MAXIMUM.wireCode());
            DimSerializer.write(output, Dim.of(4));
            DimSerializer.write(output, Dim.of(5));
        });

        assertThat(DimSerializer.read(input(call))).isEqualTo(Dim.of(15));
    }

    @Test
    void callsThatNestTooDeepAreNeitherWrittenNorRead() {
        Dim tooDeep = nested(DimSerializer.MAX_DEPTH + 1);
        byte[] bytes = bytes(output -> {
            for (int i = 0; i < 1000; i++) {
                output.writeInt(1);
                output.writeLong(1);
                output.writeInt(1);
                output.writeInt(Dim.Function.MINIMUM.wireCode());
            }
        });

        assertThatThrownBy(() -> bytes(output -> DimSerializer.write(output, tooDeep)))
                .hasMessageContaining("nest deeper than 16");
        assertThat(refusal(bytes)).hasMessageContaining("nest deeper than 16");
    }

    @Test
    void namesAndOverflowsAreRefused() {
        byte[] noName = bytes(output -> {
            output.writeInt(1);
            output.writeLong(1);
            output.writeInt(1);
            output.writeInt(0);
            WireOutput.writeText(output, "n)");
        });
        byte[] overflow = bytes(output -> {
            output.writeInt(2);
            for (int i = 0; i < 2; i++) {
                output.writeLong(Long.MAX_VALUE);
                output.writeInt(0);
            }
        });

        assertThat(refusal(noName)).hasMessageContaining("Cannot name a dim 'n)'");
        assertThat(refusal(overflow).check()).isEqualTo(PlanCheck.DIM);
    }

    private static PlanFormatException refusal(byte[] bytes) {
        PlanFormatException refusal =
                catchThrowableOfType(PlanFormatException.class, () -> DimSerializer.read(input(bytes)));
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
