package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.ColumnWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;

/** Writes the rows of batches that are back: columns that pass through, and results. Used by one thread. */
final class ResultRows {
    private final int[] fields;
    private final UnsafeRowWriter writer;
    private final List<UnsafeRowWriter> structs = new ArrayList<>();

    ResultRows(MapLayout layout, List<CallTask> calls) {
        this.fields = layout.fields();
        this.writer = new UnsafeRowWriter(fields.length);
        calls.forEach(call ->
                structs.add(new UnsafeRowWriter(writer, call.types().outputs().size())));
    }

    /** A row of a batch, valid until the next is asked for. */
    UnsafeRow row(RowBatch batch, int row) {
        writer.reset();
        writer.zeroOutNullBytes();
        for (int field = 0; field < fields.length; field++) {
            if (fields[field] >= 0) {
                batch.passing().write(row, fields[field], writer, field);
            } else {
                writeResult(batch, row, -1 - fields[field], field);
            }
        }
        return writer.getRow();
    }

    private void writeResult(RowBatch batch, int row, int index, int field) {
        CallRows call = batch.call(index);
        if (call.isNull(row)) {
            writer.setNullAt(field);
            return;
        }
        ColumnWriter[] writers = call.writers(row);
        int position = call.position(row);
        if (writers.length == 1) {
            writers[0].write(position, writer, field);
            return;
        }
        UnsafeRowWriter struct = structs.get(index);
        int start = writer.cursor();
        struct.resetRowWriter();
        for (int i = 0; i < writers.length; i++) {
            writers[i].write(position, struct, i);
        }
        writer.setOffsetAndSizeFromPreviousCursor(field, start);
    }
}
