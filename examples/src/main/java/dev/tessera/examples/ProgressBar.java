package dev.tessera.examples;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Rows written so far, as tasks end: a bar that is drawn over itself on a terminal, else a line for each tenth of the
 * work. Called by Spark's listener thread; {@link #close} by the one that made it.
 */
final class ProgressBar extends SparkListener implements AutoCloseable {
    private static final int WIDTH = 40;
    private static final int LINES = 10;

    private final PrintStream out;
    private final boolean isTerminal;
    private final long total;
    private long written;
    private long shownLines;
    private boolean closed;

    ProgressBar(PrintStream out, boolean isTerminal, long total) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.total = total;
        draw();
    }

    /** Whether somebody looks at what this JVM prints. */
    @SuppressWarnings("SystemConsoleNull") // From Java 22 on it is not null, and asked below.
    static boolean hasTerminal() {
        Console console = System.console();
        String term = System.getenv("TERM");
        if (console == null || term == null || term.equals("dumb")) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.taskInfo().successful() && end.taskMetrics() != null) {
            add(end.taskMetrics().outputMetrics().recordsWritten());
        }
    }

    synchronized void add(long rows) {
        written += rows;
        if (rows > 0 && !closed) {
            draw();
        }
    }

    /** All rows are written, whether Spark's listeners know it yet or not. */
    synchronized void complete() {
        add(total - written);
    }

    private void draw() {
        long share = total == 0 ? 1000 : Math.min(total, written) * 1000 / total;
        String rows = String.format(Locale.ROOT, "%,d of %,d rows", written, total);
        if (isTerminal) {
            int filled = (int) (share * WIDTH / 1000);
            out.print("\r[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + rows);
            out.flush();
        } else if (share * LINES / 1000 > shownLines) {
            shownLines = share * LINES / 1000;
            out.println(rows);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (isTerminal) {
            out.println();
        }
    }
}
