package dev.tessera.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.TensorTypeException;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionParserTest {
    private static final Variable X = Tensors.variable("x", DType.FLOAT32, Dim.of(3), Dim.of(4));
    private static final Variable W = Tensors.variable("w", DType.FLOAT32, Dim.of(4), Dim.of(2));
    private static final Variable ROWS = Tensors.variable("rows", DType.FLOAT32, Dim.named("n"), Dim.of(4));
    private static final Variable FLAGS = Tensors.variable("flags", DType.BOOL, Dim.of(4));
    private static final Variable COUNTS = Tensors.variable("counts", DType.INT32, Dim.of(4));
    private static final Map<String, Tensor> NAMES =
            Map.of("x", X, "w", W, "rows", ROWS, "flags", FLAGS, "counts", COUNTS);

    private static final String[] PIECES =
            ("x w rows flags counts 1 0 -1 2.5 1e9 'ij->' 'float32' + - * / // % ** @ ~ & | ^ "
                            + "== < ( ) [ ] , : ... . = None True sum( max( topk( take( reshape( einsum( where( "
                            + "concatenate(( one_hot( axis= float32 nan .T )[0] ) )) transpose( pad( tile( "
                            + "diagonal( norm(")
                    .split(" ");

    private static Tensor parse(String text) {
        List<Tensor> outputs = ExpressionParser.parse(text, NAMES);
        assertThat(outputs).hasSize(1);
        return outputs.get(0);
    }

    /** The text that the graph of a text reads as, which shows how it was understood. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "x + x * x ¦ x + x * x",
                "(x + x) * x ¦ (x + x) * x",
                "-x ** 2 ¦ -square(x)",
                "x ** -x ¦ x ** (-x)",
                "x ** x ** x ¦ x ** x ** x",
                "x - x - x ¦ x - x - x",
                "x - (x - x) ¦ x - (x - x)",
                "x > 0 & flags ¦ error",
                "(x > 0) & flags ¦ (x > 0.0) & flags",
                "~flags | flags ^ flags & flags ¦ ~flags | flags ^ flags & flags",
                "x @ w + 1 ¦ x @ w + 1.0",
                "0 < x <= 1 ¦ (0.0 < x) & (x <= 1.0)",
                "x < x < x != x ¦ (x < x) & (x < x) & (x != x)",
                "x < (x < x) ¦ x < cast(x < x, float32)",
                "np.sum(x, axis=-1) ¦ sum(x, axis=1)",
                "x.sum(axis=(0, 1)) ¦ sum(x)",
                "x.T.reshape(2, -1) ¦ reshape(transpose(x), (2, 6))",
                "x  # all of it\\n + 1 ¦ x + 1.0",
            })
    void textIsUnderstoodAsPythonReadsIt(String text, String understood) {
        String given = text.replace("\\n", "\n");
        if (understood.equals("error")) {
            assertThatThrownBy(() -> parse(given)).isInstanceOf(TensorTypeException.class);
        } else {
            assertThat(parse(given)).hasToString(understood);
        }
    }

    @Test
    void tupleGivesSeveralTensors() {
        assertThat(ExpressionParser.parse("topk(x, 2), x", NAMES))
                .extracting(tensor -> tensor.type().toString())
                .containsExactly("float32[3, 2]", "int64[3, 2]", "float32[3, 4]");
    }

    @Test
    void nameOfATensorHidesAConstantButNoFunction() {
        Map<String, Tensor> names = Map.of("e", X, "sum", W);

        assertThat(ExpressionParser.parse("e", names)).containsExactly(X);
        assertThat(ExpressionParser.parse("sum(e) + sum", names).get(0)).hasToString("sum(x) + w");
    }

    @Test
    void unknownDimsStayUnknown() {
        assertThat(parse("softmax(rows @ w)[1:, ::-1]").type()).hasToString("float32[max(0, n + -1), 2]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "softmx(x) ¦ 0 ¦ there is no function 'softmx'; did you mean 'softmax'?",
                "1 + argmx(x, axis=0) ¦ 4 ¦ there is no function 'argmx'; did you mean 'argmax'?",
                "count + 1 ¦ 0 ¦ there is no 'count'; did you mean 'counts'?",
                "y + 1 ¦ 0 ¦ there is no 'y'; known are counts, flags, rows, w, x",
                "images + 1 ¦ 0 ¦ there is no 'images'; known are counts, flags, rows, w, x",
                "relu + 1 ¦ 0 ¦ 'relu' is a function; call it, as in relu(x)",
                "x(1) ¦ 1 ¦ a tensor is no function",
                "sum(x, axes=0) ¦ 7 ¦ sum(a, axis=, dtype=, keepdims=) has no argument 'axes'; did you mean 'axis'?",
                "exp(x, w) ¦ 0 ¦ exp(x) takes 1 unnamed arguments, not 2",
                "where(x > 0, x) ¦ 0 ¦ where(condition, x, y) lacks its argument y",
                "sum(x, 0, axis=1) ¦ 10 ¦ sum is given axis twice",
                "sum(axis=0, x) ¦ 12 ¦ an argument without a name follows one with a name",
                "x > 0 and x < 1 ¦ 6 ¦ 'and' does not work on tensors; write (a > 0) & (b > 0)",
                "x > 0 or x < 1 ¦ 6 ¦ 'or' does not work on tensors; write (a > 0) | (b > 0)",
                "not flags ¦ 0 ¦ 'not' does not work on tensors; write ~(a > 0)",
                "x if flags else w ¦ 2 ¦ there is no 'if'; write where(condition, x, y)",
                "x = 1 ¦ 2 ¦ expected an operator or the end, found '='; compare with '=='",
                "x + ¦ 3 ¦ it ends where a value is expected",
                "(x + 1 ¦ 0 ¦ '(' is never closed by ')'",
                "x[0 ¦ 1 ¦ '[' is never closed by ']'",
                "x + 1) ¦ 5 ¦ expected an operator or the end, found ')'",
                "x $ 2 ¦ 2 ¦ '$' is no part of an expression",
                "x << 2 ¦ 2 ¦ expected an operator or the end, found '<<'",
                "'abc ¦ 0 ¦ the string that starts here has no end",
                "x * 1j ¦ 4 ¦ '1j' is no number; there are no complex numbers",
                "x * 9223372036854775808 ¦ 4 ¦ 9223372036854775808 does not fit int64; write it as a float",
                "x[counts] ¦ 2 ¦ an index is a number here; use take(x, indices, axis=0)",
                "x[flags] ¦ 2 ¦ a mask gives no fixed shape; use where(mask, x, y)",
                "topk(x, 2)[2] ¦ 10 ¦ a tuple of 2 has no element 2",
                "cast(x, float16) ¦ 8 ¦ there is no 'float16'; did you mean 'float32'?",
                "cast(x, 'uint8') ¦ 8 ¦ a dtype is needed here, not 'uint8'; use bool, int32, int64, float32 or"
                        + " float64",
                "sum(x, axis=1.5) ¦ 7 ¦ an integer is needed here, not 1.5",
                "x.shape ¦ 2 ¦ a tensor has no 'shape'; it has .T and methods",
                "concatenate(x) ¦ 12 ¦ takes a tuple of tensors, as in concatenate((a, b))",
                "x + None ¦ 2 ¦ None is no tensor",
            })
    void errorsPointAtTheCharacterAndSayWhatToDo(String text, int position, String why) {
        assertThatThrownBy(() -> parse(text)).isInstanceOfSatisfying(ExpressionException.class, e -> {
            assertThat(e).hasMessageContaining(why).hasMessageStartingWith("Cannot parse expression: ");
            assertThat(e.position()).isEqualTo(position);
            assertThat(e).hasMessageEndingWith("\n  " + text + "\n  " + " ".repeat(position) + "^");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "1 + x @ x ¦ 6 ¦ Cannot multiply float32[3, 4] by float32[3, 4]: inner dimensions 4 and 3 differ",
                "x + w ¦ 2 ¦ sizes 3 and 4 differ and neither is 1; reshape or slice one of them (in x + w)",
                "max(x, axis=2) ¦ 0 ¦ axis 2 is out of range; use -2 to 1",
                "-flags ¦ 0 ¦ it is not defined on bool; use logicalNot, or cast to int32",
                "counts & 1 ¦ 7 ¦ & | ^ ~ take bool; compare with 0 first",
                "counts ** -1 ¦ 7 ¦ an integer to the power -1 is no integer; cast the base to float64",
                "counts + 2**31 ¦ 7 ¦ the number is out of bounds for int32; cast the tensor to int64",
                "reshape(x, (5, 2)) ¦ 0 ¦ it has 12 elements, not 10",
                "x[3] ¦ 1 ¦ position 3 is out of range for axis 0 of size 3",
                "1 + 1 / 0 ¦ 6 ¦ division by zero",
                "einsum('ij,jk', x, x) ¦ 0 ¦ 'j' has sizes 4 and 3",
                "einsum('ij', x, x) ¦ 0 ¦ it has subscripts for 1 operands, and is given 2",
            })
    void typeErrorsPointAtTheOperation(String text, int position, String why) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(TensorTypeException.class)
                .hasMessageStartingWith("Cannot ")
                .hasMessageContaining(why)
                .hasMessageEndingWith("\n  " + text + "\n  " + " ".repeat(position) + "^");
    }

    @Test
    void markOfALongTextIsWithinASingleShortLine() {
        String text = "x + 1\n + " + "x + ".repeat(100) + "$" + " + x".repeat(100);

        assertThatThrownBy(() -> parse(text))
                .hasMessage("Cannot parse expression: '$' is no part of an expression\n  …" + "x + ".repeat(15) + "$"
                        + " + x".repeat(14) + " + …\n  " + " ".repeat(61) + "^");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile(x, 2**31)",
                "tile(x, (2**40, 2**40))",
                "tile(x, 2**62)",
                "broadcast_to(x, (2**31, 3, 4))",
                "pad(x, 2**62)",
                "pad(x, 2**31)",
                "one_hot(counts, 2**40)",
                "one_hot(counts, 2**62)",
                "reshape(x, (2**62, 4, 0))",
                "reshape(x, (2**62, 2**62, -1))",
                "2 ** 2 ** 62",
                "1e400 ** 2 @ x",
                "einsum('ij,kl,mn,op->ijklmnop', x, x, x, x)",
                "[[[[[[[[1]]]]]]]]",
                "x[::-2**63]",
                "round(x, 2**62)",
                "topk(x, 2**62)",
                "trace(x, 2**63 - 1, 2**40, 1)",
            })
    void whatIsTooLargeIsAnErrorAndNoAllocation(String text) {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();

        assertThatThrownBy(() -> parse(text)).isInstanceOf(IllegalArgumentException.class);

        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(16 << 20);
    }

    @Test
    void constantsOfOneTextAreBoundedTogether() {
        String text = "one_hot(counts, 2**20) + ".repeat(9) + "1";

        assertThatThrownBy(() -> parse(text)).hasMessageContaining("its constants take more than 64 MiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "-", "~", "x**", "x[", "relu(", "x + (", "not ", "x[0:", "sum(x, axis=", "1 if "})
    void deepTextsAreErrors(String piece) {
        for (int length : new int[] {100, 1_000, 60_000, 500_000}) {
            String text = piece.repeat(length / piece.length());
            assertThatThrownBy(() -> parse(text)).isInstanceOf(ExpressionException.class);
        }
    }

    @Test
    void wideTextsAreReadWithoutRecursion() {
        assertThat(parse("x" + " + x".repeat(9_000)).type()).isEqualTo(X.type());
        assertThatThrownBy(() -> parse("x" + "+x".repeat(20_000)))
                .hasMessageContaining("it has more than 20000 names, numbers and signs");
    }

    @Test
    void anyTextIsReadOrRefusedClearly() {
        SplittableRandom random = new SplittableRandom(3);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = 1 + random.nextInt(9);
            for (int piece = 0; piece < length; piece++) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            try {
                ExpressionParser.parse(text.toString(), NAMES);
                read++;
            } catch (ExpressionException | TensorTypeException e) {
                assertThat(e).hasMessageStartingWith("Cannot ").hasMessageEndingWith("^");
            }
        }
        assertThat(read).isGreaterThan(250);
    }
}
