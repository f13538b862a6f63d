package dev.tessera.codegen;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A kernel's text while it is written: lines, indented by their braces, and the parameters that they turn out to need. */
final class KernelText {
    /** Threads of a block. */
    static final int THREADS = 256;

    private static final int BLOCKS_WITH_CALLS = 2;

    private static final String PRELUDE = prelude();

    private final String name;
    private final Kernel.IndexWidth width;
    private final List<Kernel.Argument> arguments = new ArrayList<>();
    private final List<String> parameters = new ArrayList<>();
    private final Map<Dim, String> sizes = new LinkedHashMap<>();
    private final StringBuilder body = new StringBuilder();
    private int depth = 1;

    KernelText(String name, Kernel.IndexWidth width) {
        this.name = name;
        this.width = width;
    }

    private static String prelude() {
        try (InputStream text = KernelText.class.getResourceAsStream("prelude.cuh")) {
            if (text == null) {
                throw new IllegalStateException("prelude.cuh is not beside " + KernelText.class.getName());
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The CUDA C type of a dtype. */
    static String type(DType dtype) {
        return switch (dtype) {
            case BOOL -> "boolean";
            case INT32 -> "int";
            case INT64 -> "int64";
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 ->
                throw new IllegalArgumentException("Cannot compute with %s on a device".formatted(dtype));
        };
    }

    /** A parameter that is an address to read from. */
    String source(String parameter, DType dtype, Kernel.Argument pointer, boolean isRestricted) {
        return parameter(
                "const " + type(dtype) + (isRestricted ? "* __restrict__ " : "* ") + parameter, pointer, parameter);
    }

    /** A parameter that is an address to write to. */
    String target(String parameter, DType dtype, Kernel.Argument pointer) {
        return parameter(type(dtype) + "* " + parameter, pointer, parameter);
    }

    /** A parameter that is the address of the rows' status. */
    void rowStatus(String parameter) {
        parameter("int64* " + parameter, new Kernel.RowStatus(), parameter);
    }

    private String parameter(String declaration, Kernel.Argument argument, String parameter) {
        parameters.add(declaration);
        arguments.add(argument);
        return parameter;
    }

    /** An expression of the index type for a size: a literal if it is known, else a parameter. */
    String size(Dim dim) {
        if (dim.isKnown()) {
            return literal(dim.size());
        }
        return sizes.computeIfAbsent(dim, unknown -> {
            String parameter = "d" + sizes.size();
            parameter("int64 " + parameter, new Kernel.Size(unknown), parameter);
            return "n" + parameter.substring(1);
        });
    }

    private String literal(long value) {
        boolean fits = Math.abs(value) < 1L << 30;
        return fits ? Long.toString(value) : value + "LL";
    }

    void line(String text) {
        int closing = text.startsWith("}") ? 1 : 0;
        depth -= closing;
        body.append(text.startsWith("#") ? "" : "    ".repeat(depth))
                .append(text)
                .append('\n');
        depth += text.endsWith("{") ? 1 : 0;
    }

    /** The text of a kernel of plain parameters: addresses of elements of type {@code T}, then 64-bit integers. */
    String plain(List<String> addresses, List<String> integers, String elementType, String plainBody) {
        StringBuilder source = new StringBuilder(PRELUDE);
        source.append("\ntypedef %s index_t;\ntypedef %s T;\n\n".formatted(width.type(), elementType));
        source.append("extern \"C\" __global__ void __launch_bounds__(%d) %s(\n        ".formatted(THREADS, name));
        source.append(String.join(", ", addresses)).append(",\n        ");
        source.append(
                String.join(", ", integers.stream().map(size -> "int64 " + size).toList()));
        return source.append(") {\n").append(plainBody).append("}\n").toString();
    }

    /**
     * The threads of a block, and for the calls that divisions and float64 become also how many blocks a processor shall hold
     * at least: NVIDIA's assembler, left to choose, holds more of them there, and has too few registers for each.
     */
    private String bounds() {
        boolean hasCalls =
                Stream.of("double", "op_divide(", "op_reciprocal(").anyMatch(call -> body.indexOf(call) >= 0);
        return hasCalls ? "%d, %d".formatted(THREADS, BLOCKS_WITH_CALLS) : Integer.toString(THREADS);
    }

    /** The kernel, with {@code perBlock} pieces of {@code work} to a block. */
    Kernel kernel(Dim work, int perBlock) {
        StringBuilder source = new StringBuilder(PRELUDE);
        source.append("\ntypedef %s index_t;\n\n".formatted(width.type()));
        source.append("extern \"C\" __global__ void __launch_bounds__(%s) %s(\n        ".formatted(bounds(), name));
        source.append(String.join(",\n        ", parameters)).append(") {\n");
        for (String size : sizes.values()) {
            source.append("    const index_t %s = (index_t)d%s;\n".formatted(size, size.substring(1)));
        }
        source.append(body).append("}\n");
        return new Kernel(name, source.toString(), arguments, work, perBlock, THREADS);
    }
}
