package dev.tessera.plan;

import static dev.tessera.tensor.DType.FLOAT32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.tensor.Dim;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanSerializerTest {
    private static final int VERSION_AT = 4;
    private static final int BODY_AT = 40;

    static List<SamplePlans.Sample> samples() {
        return SamplePlans.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void planReadsBackEqual(SamplePlans.Sample sample) {
        PlanVerifier.verify(sample.plan());
        byte[] bytes = PlanSerializer.write(sample.plan());

        assertThat(PlanSerializer.read(bytes)).isEqualTo(sample.plan());
        assertThat(PlanSerializer.write(PlanSerializer.read(bytes))).isEqualTo(bytes);
    }

    @Test
    void samplePlansHaveEveryKindOfStep() {
        Set<Class<?>> kinds = new HashSet<>();
        for (SamplePlans.Sample sample : SamplePlans.all()) {
            sample.plan().invariantSteps().forEach(step -> kinds.add(step.getClass()));
            sample.plan().rowSteps().forEach(step -> kinds.add(step.getClass()));
        }

        assertThat(kinds).containsExactlyInAnyOrder(Step.class.getPermittedSubclasses());
    }

    @Test
    void identityIsThatOfTheContent() {
        byte[] first = PlanSerializer.write(SamplePlans.denseLayer().plan());
        byte[] second = PlanSerializer.write(SamplePlans.denseLayer().plan());
        byte[] other = PlanSerializer.write(SamplePlans.gram().plan());

        assertThat(PlanSerializer.identity(first)).hasSize(64).isEqualTo(PlanSerializer.identity(second));
        assertThat(PlanSerializer.identity(first)).isNotEqualTo(PlanSerializer.identity(other));
    }

    private static PlanFormatException refusal(byte[] bytes) {
        PlanFormatException refusal = catchThrowableOfType(PlanFormatException.class, () -> PlanSerializer.read(bytes));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    @Test
    void bytesThatStartNoPlanAreRefused() {
        byte[] plan = PlanSerializer.write(SamplePlans.gram().plan());
        byte[] otherMagic = plan.clone();
        otherMagic[0]++;

        assertThat(refusal(new byte[0]).check()).isEqualTo(PlanCheck.ENVELOPE);
        assertThat(refusal(Arrays.copyOf(plan, BODY_AT - 1)).check()).isEqualTo(PlanCheck.ENVELOPE);
        assertThat(refusal(otherMagic).check()).isEqualTo(PlanCheck.ENVELOPE);
    }

    @Test
    void otherVersionsAreRefusedByName() {
        byte[] plan = PlanSerializer.write(SamplePlans.gram().plan());
        plan[VERSION_AT] = 2;

        assertThat(refusal(plan).check()).isEqualTo(PlanCheck.ENVELOPE);
        assertThat(refusal(plan)).hasMessageContaining("format version 2, this Tessera reads 1");
    }

    @Test
    void everyFlippedByteBreaksTheDigest() {
        byte[] plan = PlanSerializer.write(SamplePlans.gram().plan());
        for (int at = VERSION_AT + 4; at < plan.length; at += 7) {
            byte[] flipped = plan.clone();
            flipped[at] ^= 1;

            assertThat(refusal(flipped).check()).isEqualTo(PlanCheck.DIGEST);
        }
    }

    /** A body, sealed with the digest that it has. */
    private static byte[] sealed(Consumer<Output> body) {
        Output output = new Output(1024, -1);
        body.accept(output);
        byte[] plan = PlanSerializer.write(SamplePlans.gram().plan());
        byte[] bytes = Arrays.copyOf(plan, BODY_AT + output.position());
        System.arraycopy(output.getBuffer(), 0, bytes, BODY_AT, output.position());
        Seal.seal(bytes);
        return bytes;
    }

    @Test
    void bodyThatEndsEarlyOrLateIsRefused() {
        byte[] plan = PlanSerializer.write(SamplePlans.gram().plan());
        byte[] longer = Arrays.copyOf(plan, plan.length + 4);
        Seal.seal(longer);

        assertThat(refusal(sealed(output -> {})).check()).isEqualTo(PlanCheck.LENGTH);
        assertThat(refusal(longer).check()).isEqualTo(PlanCheck.LENGTH);
        assertThat(refusal(longer)).hasMessageContaining("4 bytes follow the end");
    }

    @Test
    void countsThatTheBytesCannotHoldAreRefused() {
        assertThat(refusal(sealed(output -> output.writeInt(Integer.MAX_VALUE))).check())
                .isEqualTo(PlanCheck.COUNT);
        assertThat(refusal(sealed(output -> output.writeInt(-1))).check()).isEqualTo(PlanCheck.COUNT);
        assertThat(refusal(sealed(output -> output.writeInt(1000)))).hasMessageContaining("in the 0 bytes left");
    }

    @Test
    void codesThatNameNothingAreRefused() {
        byte[] bytes = sealed(output -> {
            output.writeInt(1); // One dim,
            output.writeInt(0); // which is 0.
            output.writeInt(1); // One slot,
            output.writeInt(77); // of no scope.
            output.writeLong(0);
        });

        assertThat(refusal(bytes).check()).isEqualTo(PlanCheck.CODE);
        assertThat(refusal(bytes)).hasMessageContaining("at byte 16").hasMessageContaining("unknown code 77");
    }

    @Test
    void dimsOutsideOfTheTableAreRefused() {
        byte[] bytes = sealed(output -> {
            output.writeInt(0);
            output.writeInt(1);
            output.writeInt(Scope.ROW.wireCode());
            output.writeInt(FLOAT32.wireCode());
            output.writeInt(0);
        });

        assertThat(refusal(bytes).check()).isEqualTo(PlanCheck.DIM);
        assertThat(refusal(bytes)).hasMessageContaining("no dim 0 in a table of 0");
    }

    @Test
    void plansThatTakeMoreMemoryThanTheirBytesAllowAreRefused() {
        Dim deep = Dim.named("n".repeat(200));
        for (int i = 0; i < 3; i++) {
            deep = Dim.max(deep.times(deep), Dim.named("m"));
        }
        Dim dim = deep;
        byte[] bytes = sealed(output -> {
            output.writeInt(600);
            for (int i = 0; i < 600; i++) {
                DimSerializer.write(output, dim);
            }
        });

        assertThat(AllocatedBytes.during(
                        () -> assertThat(refusal(bytes).check()).isEqualTo(PlanCheck.MEMORY)))
                .isLessThan(4L * bytes.length + (2 << 20));
    }

    @Test
    void namesOfAnyCharactersSurvive() {
        PlanBuilder plan = new PlanBuilder();
        plan.output("名前 \uD800 \u0000", plan.column("Ünï", FLOAT32));
        ExecutionPlan built = plan.build();

        assertThat(PlanSerializer.read(PlanSerializer.write(built))).isEqualTo(built);
    }

    @Test
    void textsThatAreTooLongAreNotWritten() {
        PlanBuilder plan = new PlanBuilder();
        plan.output("y".repeat(WireInput.MAX_TEXT_LENGTH + 1), plan.column("x", FLOAT32));

        assertThatThrownBy(() -> PlanSerializer.write(plan.build())).hasMessageContaining("65537 characters");
    }

    @Test
    void everyDimIsWrittenOnce() {
        PlanBuilder one = new PlanBuilder();
        one.output("y", one.column("x", FLOAT32, "a_rather_long_name_of_a_dim"));
        PlanBuilder two = new PlanBuilder();
        two.output("y", two.column("x", FLOAT32, "a_rather_long_name_of_a_dim"));
        two.output("z", two.row(FLOAT32, "a_rather_long_name_of_a_dim"));

        int difference = PlanSerializer.write(two.build()).length - PlanSerializer.write(one.build()).length;
        assertThat(difference).isLessThan(80);
        assertThat(ByteBuffer.wrap(PlanSerializer.write(one.build()))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt(BODY_AT))
                .isEqualTo(3);
    }

    @Test
    void planOfManyStepsTakesNoMoreThanFourTimesItsBytesOrIsRefused() {
        for (SamplePlans.Sample sample : SamplePlans.all()) {
            ExecutionPlan plan = sample.plan();
            List<Step> many = new ArrayList<>();
            while (!plan.rowSteps().isEmpty() && many.size() < 15_000) {
                many.addAll(plan.rowSteps());
            }
            byte[] bytes = PlanSerializer.write(new ExecutionPlan(
                    plan.slots(),
                    plan.constants(),
                    plan.inputs(),
                    plan.equalities(),
                    plan.invariantSteps(),
                    many,
                    plan.outputs()));

            long allocated = AllocatedBytes.during(() -> {
                try {
                    PlanSerializer.read(bytes);
                } catch (PlanFormatException e) {
                    assertThat(e.check()).isEqualTo(PlanCheck.MEMORY);
                }
            });

            assertThat(allocated).isLessThanOrEqualTo(4L * bytes.length + (1 << 20));
        }
    }
}
