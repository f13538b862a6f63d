package dev.tessera.catalyst;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.PlanSerializer;
import dev.tessera.plan.PlanVerifier;
import dev.tessera.plan.TensorSerializer;
import dev.tessera.plan.WireInput;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.HostTensor;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an executor gets of a function, by broadcast: the plan, its constants, the bound parameters. One field of bytes,
 * so that Java and Kryo write it alike; decoded and verified once per JVM. Thread-safe.
 */
final class FunctionCargo implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int INITIAL_BYTES = 4096;
    private static final int NO_LIMIT = -1;

    private final byte[] bytes;
    private transient @Nullable TaskSpec decoded;

    private FunctionCargo(byte[] bytes) {
        this.bytes = bytes;
    }

    static FunctionCargo of(ExecutionPlan plan, Map<String, HostTensor> constants, Map<String, HostTensor> parameters) {
        byte[] planBytes = PlanSerializer.write(plan);
        Output output = new Output(INITIAL_BYTES, NO_LIMIT);
        // Constants come first, and so are aligned and can be used in place: their names are digests of 64 bytes.
        writeTensors(output, constants);
        writeTensors(output, parameters);
        output.writeInt(planBytes.length);
        output.writeBytes(planBytes);
        return new FunctionCargo(output.toBytes());
    }

    private static void writeTensors(Output output, Map<String, HostTensor> tensors) {
        output.writeInt(tensors.size());
        new TreeMap<>(tensors).forEach((name, tensor) -> {
            Names.write(output, name);
            TensorSerializer.write(output, tensor);
        });
    }

    /** What a task opens a backend with. */
    synchronized TaskSpec taskSpec() {
        TaskSpec spec = decoded;
        if (spec == null) {
            spec = decode();
            decoded = spec;
        }
        return spec;
    }

    private TaskSpec decode() {
        WireInput input = new WireInput("function", bytes, 0, bytes.length);
        Map<String, HostTensor> constants = readTensors(input);
        Map<String, HostTensor> parameters = readTensors(input);
        byte[] planBytes = new byte[input.readCount("bytes of a plan", 1, Integer.MAX_VALUE)];
        input.readBytes(planBytes, 0, planBytes.length);
        ExecutionPlan plan = PlanSerializer.read(planBytes);
        PlanVerifier.verify(plan);
        return new TaskSpec(plan, constants, parameters);
    }

    private static Map<String, HostTensor> readTensors(WireInput input) {
        int count = input.readCount("tensors", Integer.BYTES, Integer.MAX_VALUE);
        Map<String, HostTensor> tensors = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String name = Names.read(input);
            tensors.put(name, TensorSerializer.readInPlace(input));
        }
        return tensors;
    }

    int sizeInBytes() {
        return bytes.length;
    }
}
