package dev.tessera;

import static org.apache.spark.sql.functions.call_udf;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plugin.RuntimeHolder;
import dev.tessera.plugin.TensorConf;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whichever way a task ends, it holds memory while it runs, accounted for with Spark, and none afterwards. */
@ExtendWith(SparkSessions.class)
class TaskMemoryTest {
    private static final AtomicLong MOST_NATIVE_BYTES = new AtomicLong();
    private static final AtomicLong MOST_ACCOUNTED_BYTES = new AtomicLong();
    private static final long ROWS = 1000;
    private static final long ENDLESS = 1L << 40;

    private final SparkSession spark = SparkSessions.session();
    private final TensorFunction f = function();

    /** How a task ends. */
    enum Ending {
        ALL_ROWS_READ,
        LIMIT_REACHED,
        ROW_IS_BAD,
        CHILD_FAILS,
        PARENT_FAILS,
        TASK_IS_KILLED,
    }

    private static TensorFunction function() {
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
        return TensorFunction.compile(Tensors.matmul(x, Tensors.constant(HostTensor.of(new float[300], 3, 100))));
    }

    @AfterEach
    void resetBatches() {
        spark.conf().unset(TensorConf.BATCH_MAX_ROWS.key());
    }

    @ParameterizedTest
    @EnumSource
    void endedTaskHoldsNoMemory(Ending ending) throws InterruptedException {
        spark.conf().set(TensorConf.BATCH_MAX_ROWS.key(), 64);
        spark.udf().register("watched", (UDF1<Object, Boolean>) y -> watch(), DataTypes.BooleanType);
        MOST_NATIVE_BYTES.set(0);
        MOST_ACCOUNTED_BYTES.set(0);
        switch (ending) {
            case ALL_ROWS_READ ->
                assertThat(watched(ROWS, "array(float(id), 2f, 3f)").count()).isEqualTo(ROWS);
            case LIMIT_REACHED ->
                assertThat(watched(ENDLESS, "array(float(id), 2f, 3f)")
                                .limit(100)
                                .collectAsList())
                        .hasSize(100);
            case ROW_IS_BAD ->
                assertThatThrownBy(() -> watched(ROWS, "if(id = 700, array(1f), array(float(id), 2f, 3f))")
                                .collect())
                        .hasStackTraceContaining("row 700 of partition 0");
            case CHILD_FAILS ->
                assertThatThrownBy(() -> watched(ROWS, "if(id = 700, raise_error('child'), array(float(id), 2f, 3f))")
                                .collect())
                        .hasStackTraceContaining("child");
            case PARENT_FAILS ->
                assertThatThrownBy(() -> watched(ROWS, "array(float(id), 2f, 3f)")
                                .selectExpr("if(id = 700, raise_error('parent'), y)")
                                .collect())
                        .hasStackTraceContaining("parent");
            case TASK_IS_KILLED ->
                kill(watched(ENDLESS, "array(float(id), 2f, 3f)").where("element_at(y, 1) > 1"));
        }

        // A cancelled job ends before its tasks do.
        for (int i = 0; i < 2000 && isHeld(); i++) {
            Thread.sleep(5);
        }
        assertThat(MOST_NATIVE_BYTES.get()).as("native bytes in the task").isPositive();
        assertThat(MOST_ACCOUNTED_BYTES.get())
                .as("bytes accounted for in the task")
                .isGreaterThanOrEqualTo(1 << 20);
        assertThat(RuntimeHolder.nativeBytes()).as("native bytes").isZero();
        assertThat(executionMemory()).as("bytes accounted for").isZero();
    }

    private static boolean isHeld() {
        return RuntimeHolder.nativeBytes() > 0 || executionMemory() > 0;
    }

    private static long executionMemory() {
        return SparkEnv.get().memoryManager().executionMemoryUsed();
    }

    /** Rows with results, looked at while their task holds its batch. */
    private Dataset<Row> watched(long rows, String x) {
        return spark.range(0, rows, 1, 1)
                .selectExpr("id", x + " as x")
                .select(col("id"), f.apply(col("x")).as("y"))
                .where(call_udf("watched", col("y")));
    }

    private static boolean watch() {
        MOST_NATIVE_BYTES.accumulateAndGet(RuntimeHolder.nativeBytes(), Math::max);
        long accounted = TaskContext.get().taskMemoryManager().getMemoryConsumptionForThisTask();
        MOST_ACCOUNTED_BYTES.accumulateAndGet(accounted, Math::max);
        return true;
    }

    private void kill(Dataset<Row> endless) throws InterruptedException {
        Thread query = new Thread(() -> {
            spark.sparkContext().setJobGroup("task memory", "", true);
            assertThatThrownBy(endless::collect).hasStackTraceContaining("cancelled");
        });
        query.start();
        while (MOST_NATIVE_BYTES.get() == 0 && query.isAlive()) {
            Thread.sleep(5);
        }
        spark.sparkContext().cancelJobGroup("task memory");
        query.join();
    }
}
