package dev.tessera.catalyst;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.TesseraKryoRegistrator;
import dev.tessera.catalyst.encoding.OutputFormat;
import dev.tessera.compile.CompileOptions;
import dev.tessera.compile.CompiledGraph;
import dev.tessera.compile.PlanCompiler;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** What Spark broadcasts of a function, under both of its serializers; and the driver's registry of functions. */
class FunctionCargoTest {
    private static final ClassTag<FunctionCargo> CARGO = ClassTag$.MODULE$.apply(FunctionCargo.class);

    private final Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
    private final Graph graph = Graph.of(
            "y",
            x.mul(Tensors.constant(HostTensor.of(new float[] {1, 10, 100}))).sum());

    private void assertPasses(SerializerInstance serializer) {
        CompiledGraph compiled = PlanCompiler.compile(graph);
        FunctionCargo cargo = FunctionCargo.of(compiled.plan(), compiled.constants(), Map.of());

        ByteBuffer bytes = serializer.serialize(cargo, CARGO);
        TaskSpec read = serializer.<FunctionCargo>deserialize(bytes, CARGO).taskSpec();

        assertThat(read.plan()).isEqualTo(compiled.plan());
        assertThat(read.constants().keySet()).isEqualTo(compiled.constants().keySet());
        read.constants()
                .forEach((digest, value) -> assertThat(value.toLittleEndianBytes())
                        .isEqualTo(compiled.constants().get(digest).toLittleEndianBytes()));
    }

    @Test
    void passesUnderSparksJavaSerializer() {
        assertPasses(new JavaSerializer(new SparkConf(false)).newInstance());
    }

    @Test
    void passesUnderKryoWithRegistrationRequired() {
        SparkConf conf = new SparkConf(false)
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.kryo.registrator", TesseraKryoRegistrator.class.getName());

        assertPasses(new KryoSerializer(conf).newInstance());
    }

    @Test
    void driverCompilesAFunctionOnceWhileItIsInUse() {
        DriverFunctions functions = new DriverFunctions();
        byte[] bytes = FunctionSerializer.write(
                new FunctionDefinition(graph, CompileOptions.DEFAULT, OutputFormat.LIKE_INPUT, Map.of()));

        CompiledFunction first = functions.resolve(bytes);
        CompiledFunction second = functions.resolve(bytes.clone());

        assertThat(second).isSameAs(first);
        assertThat(functions.size()).isEqualTo(1);
    }

    @Test
    void driverForgetsAFunctionThatNoPlanHolds() throws InterruptedException {
        DriverFunctions functions = new DriverFunctions();
        functions.resolve(FunctionSerializer.write(
                new FunctionDefinition(graph, CompileOptions.DEFAULT, OutputFormat.LIKE_INPUT, Map.of())));

        for (int i = 0; i < 100 && functions.size() > 0; i++) {
            System.gc();
            Thread.sleep(10);
        }

        assertThat(functions.size()).isZero();
    }
}
