package dev.tessera.catalyst;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.Operators;
import dev.tessera.SparkSessions;
import dev.tessera.TensorFunction;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plugin.TensorConf;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/** The operator over a backend that works on several batches at once. */
@ExtendWith(SparkSessions.class)
class PipelineTest {
    private static final int ROWS_IN_BATCH = 4;
    private static final AtomicReference<DeferredBackend> BACKEND = new AtomicReference<>();

    private final SparkSession spark = SparkSessions.session();
    private final Variable v = Tensors.variable("v", DType.FLOAT32, Dim.named("n"));
    private final TensorFunction sum = TensorFunction.compile(v.sum());

    @AfterEach
    void nothingIsLeft() {
        spark.conf().unset(TensorConf.BATCH_MAX_ROWS.key());
        spark.conf().unset(TensorConf.BATCH_MAX_BYTES.key());
        DeferredBackend backend = BACKEND.get();
        assertThat(backend.openTasks).hasValue(0);
        assertThat(backend.openBuffers).hasValue(0);
        assertThat(backend.pendingBatches).hasValue(0);
    }

    /** Rows of {@code id} and 1 to {@code shapes} floats that sum up to {@code id}. */
    private RDD<String> results(DeferredBackend backend, long rows, int shapes) {
        BACKEND.set(backend);
        spark.conf().set(TensorConf.BATCH_MAX_ROWS.key(), ROWS_IN_BATCH);
        Dataset<Row> source = spark.range(0, rows, 1, 1)
                .selectExpr(
                        "id",
                        "concat(array(cast(id as float)), array_repeat(0f, cast(id %% %d as int))) as v"
                                .formatted(shapes));
        TensorMapExec exec =
                Operators.of(source.select(col("id"), sum.apply(col("v")))).get(0);
        return exec.child()
                .execute()
                .mapPartitionsWithIndex(new DeferredMap(exec.task()), true, ClassTag$.MODULE$.apply(String.class));
    }

    /** What an executor runs of the operator, on the backend of the test. */
    private static final class DeferredMap extends AbstractFunction2<Object, Iterator<InternalRow>, Iterator<String>>
            implements Serializable {
        private static final long serialVersionUID = 1;

        private final MapTask task;

        DeferredMap(MapTask task) {
            this.task = task;
        }

        @Override
        public Iterator<String> apply(Object partition, Iterator<InternalRow> rows) {
            Iterator<InternalRow> results = MapIterator.open(
                    task, (Integer) partition, rows, spec -> BACKEND.get().openTask());
            return new AbstractIterator<>() {
                @Override
                public boolean hasNext() {
                    return results.hasNext();
                }

                @Override
                public String next() {
                    InternalRow row = results.next();
                    return row.getLong(0) + ": " + row.getFloat(1);
                }
            };
        }
    }

    private static List<String> expected(long rows) {
        return LongStream.range(0, rows).mapToObj(id -> id + ": " + (float) id).toList();
    }

    private static List<String> collected(RDD<String> rows) {
        List<String> list = new ArrayList<>();
        for (Object row : (Object[]) rows.collect()) {
            list.add((String) row);
        }
        return list;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void asManyBatchesAreInFlightAsTheBackendHasUseForAndRowsStayInOrder(int depth) {
        DeferredBackend backend = new DeferredBackend(depth, -1, -1);

        assertThat(collected(results(backend, 50, 1))).isEqualTo(expected(50));
        assertThat(backend.mostPending).hasValue(depth);
        // 12 batches of 4 rows and one of 2.
        assertThat(backend.awaitedBatches).hasValue(13);
    }

    @Test
    void fewerRowsThanThePipelineHolds() {
        for (int rows : new int[] {0, 1, 4, 5}) {
            assertThat(collected(results(new DeferredBackend(8, -1, -1), rows, 1)))
                    .isEqualTo(expected(rows));
        }
    }

    @Test
    void rowsOfManyShapesStayInOrder() {
        assertThat(collected(results(new DeferredBackend(3, -1, -1), 100, 11))).isEqualTo(expected(100));
    }

    @Test
    void batchThatIsLostFailsTheTask() {
        DeferredBackend backend = new DeferredBackend(3, -1, 5);

        assertThatThrownBy(() -> results(backend, 1000, 1).collect()).hasStackTraceContaining("batch 5 is lost");
        // Batches 5, 6 and 7 were in flight.
        assertThat(backend.awaitedBatches).hasValue(5);
    }

    @Test
    void batchThatDoesNotStartFailsTheTask() {
        assertThatThrownBy(() -> results(new DeferredBackend(3, 5, -1), 1000, 3).collect())
                .hasStackTraceContaining("batch 5 does not start");
    }

    @Test
    void consumerThatStopsEarlyLeavesBatchesInFlight() {
        DeferredBackend backend = new DeferredBackend(3, -1, -1);
        Object taken = results(backend, 1000, 1).take(6);

        assertThat((Object[]) taken).containsExactly(expected(6).toArray());
        assertThat(backend.awaitedBatches).hasValue(2);
    }

    @Test
    void killedTaskLeavesBatchesInFlight() throws InterruptedException {
        DeferredBackend backend = new DeferredBackend(3, -1, -1);
        RDD<String> endless = results(backend, 1L << 40, 1);
        Thread query = new Thread(() -> {
            spark.sparkContext().setJobGroup("endless pipeline", "", true);
            assertThatThrownBy(endless::count).hasStackTraceContaining("cancelled");
        });
        query.start();
        while (backend.awaitedBatches.get() < 10) {
            Thread.sleep(5);
        }

        spark.sparkContext().cancelJobGroup("endless pipeline");
        query.join();
        for (int i = 0; i < 1000 && backend.openTasks.get() > 0; i++) {
            Thread.sleep(5);
        }
    }
}
