package dev.tessera.catalyst;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.catalyst.encoding.OutputFormat;
import dev.tessera.compile.CompileOptions;
import dev.tessera.compile.OnBadRow;
import dev.tessera.expr.Graph;
import dev.tessera.plan.PlanFormatException;
import dev.tessera.plan.TensorSerializer;
import dev.tessera.plan.WireInput;
import dev.tessera.tensor.HostTensor;
import dev.tessera.text.GraphSerializer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The bytes of a function: what the literal argument of a call carries from a client to the driver. */
public final class FunctionSerializer {
    private static final int FORMAT_VERSION = 1;
    // "TSRF", read as little-endian.
    private static final int MAGIC = 0x46525354;
    private static final int HEADER_BYTES = 3 * Integer.BYTES;
    private static final int INITIAL_BYTES = 4096;
    private static final int NO_LIMIT = -1;

    private FunctionSerializer() {}

    /** Equal functions have equal bytes. */
    public static byte[] write(FunctionDefinition function) {
        byte[] graph = GraphSerializer.write(function.graph());
        Output output = new Output(INITIAL_BYTES, NO_LIMIT);
        output.writeInt(MAGIC);
        output.writeInt(FORMAT_VERSION);
        output.writeInt(graph.length);
        output.writeBytes(graph);
        output.writeInt(function.options().allowInputDowncast() ? 1 : 0);
        Names.write(output, function.options().onBadRow().name());
        Names.write(output, function.format().name());
        output.writeInt(function.parameters().size());
        new TreeMap<>(function.parameters()).forEach((name, value) -> {
            Names.write(output, name);
            TensorSerializer.write(output, value);
        });
        return output.toBytes();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if they are not the bytes of a function in this version, whatever they are
     */
    public static FunctionDefinition read(byte[] bytes) {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER_BYTES || header.getInt() != MAGIC) {
            throw refusal("%d bytes that start no function".formatted(bytes.length), null);
        }
        int version = header.getInt();
        if (version != FORMAT_VERSION) {
            throw refusal(
                    "format version %d, this Tessera reads %d; use one version in client and cluster"
                            .formatted(version, FORMAT_VERSION),
                    null);
        }
        int graphLength = header.getInt();
        if (graphLength < 0 || graphLength > bytes.length - HEADER_BYTES) {
            throw refusal("a graph of %d bytes in %d".formatted(graphLength, bytes.length), null);
        }
        byte[] graph = new byte[graphLength];
        header.get(graph);
        try {
            int rest = HEADER_BYTES + graphLength;
            return read(GraphSerializer.read(graph), new WireInput("function", bytes, rest, bytes.length - rest));
        } catch (PlanFormatException | KryoException e) {
            throw refusal(String.valueOf(e.getMessage()), e);
        }
    }

    private static FunctionDefinition read(Graph graph, WireInput input) {
        boolean allowInputDowncast = input.readBoolean();
        OnBadRow onBadRow = constant(OnBadRow.class, input);
        OutputFormat format = constant(OutputFormat.class, input);
        int count = input.readCount("parameters", Integer.BYTES, Integer.MAX_VALUE);
        Map<String, HostTensor> parameters = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String name = Names.read(input);
            parameters.put(name, TensorSerializer.read(input));
        }
        return new FunctionDefinition(graph, new CompileOptions(allowInputDowncast, onBadRow), format, parameters);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, WireInput input) {
        String name = Names.read(input);
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw refusal("no %s is named '%s'".formatted(type.getSimpleName(), name), e);
        }
    }

    private static IllegalArgumentException refusal(String why, @Nullable Throwable cause) {
        return new IllegalArgumentException("Cannot read function: " + why, cause);
    }
}
