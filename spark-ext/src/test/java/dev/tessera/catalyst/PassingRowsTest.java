package dev.tessera.catalyst;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class PassingRowsTest {
    private static final StructType SCHEMA = new StructType()
            .add("a", "bigint")
            .add("skipped", "double")
            .add("b", "binary")
            .add("c", "int");
    private static final long MOST = 8 << 20;

    private final PassingRows passing = new PassingRows(new int[] {0, 2, 3}, new boolean[] {true, false, true});
    private final UnsafeProjection projection = UnsafeProjection.create(SCHEMA);
    private final UnsafeProjection kept = UnsafeProjection.create(
            new StructType().add("a", "bigint").add("b", "binary").add("c", "int"));

    private UnsafeRow row(Random random, int largest) {
        byte[] bytes = new byte[random.nextInt(largest)];
        random.nextBytes(bytes);
        return projection.apply(new GenericInternalRow(new Object[] {
            random.nextInt(3) == 0 ? null : random.nextLong(),
            1.5,
            random.nextInt(3) == 0 ? null : bytes,
            random.nextInt(3) == 0 ? null : random.nextInt()
        }));
    }

    private UnsafeRow read(int index) {
        UnsafeRowWriter writer = new UnsafeRowWriter(3);
        writer.reset();
        writer.zeroOutNullBytes();
        for (int column = 0; column < 3; column++) {
            passing.write(index, column, writer, column);
        }
        return writer.getRow().copy();
    }

    private UnsafeRow expected(UnsafeRow row) {
        Object[] values = new Object[3];
        values[0] = row.isNullAt(0) ? null : row.getLong(0);
        values[1] = row.isNullAt(2) ? null : row.getBinary(2);
        values[2] = row.isNullAt(3) ? null : row.getInt(3);
        return kept.apply(new GenericInternalRow(values)).copy();
    }

    /** Pages that were filled by rows of one size are filled again by rows of another. */
    @Test
    void rowsOfEverySizeComeBackBatchAfterBatch() {
        Random random = new Random(1);
        for (int largest : new int[] {1, 5000, 20, 2_000_000, 100, 300_000}) {
            List<UnsafeRow> rows = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                UnsafeRow row = row(random, largest);
                passing.add(row);
                rows.add(expected(row));
            }
            for (int i = 0; i < 40; i++) {
                assertThat(read(i)).isEqualTo(rows.get(i));
            }
            long bytes = rows.stream().mapToLong(UnsafeRow::getSizeInBytes).sum();
            assertThat(passing.usedBytes()).isGreaterThanOrEqualTo(bytes);
            passing.clear(MOST);
            assertThat(passing.usedBytes()).isZero();
        }
    }
}
