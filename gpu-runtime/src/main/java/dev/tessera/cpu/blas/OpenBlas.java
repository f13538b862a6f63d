package dev.tessera.cpu.blas;

import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * OpenBLAS, loaded and set to one thread per call. Thread-safe.
 *
 * <p>Its batched interfaces are never used: they crash for small matrices.
 */
public final class OpenBlas {
    private static final int PRIMING_SIZE = 512;
    private static final int PRIMING_CALLS = 3;

    private OpenBlas() {}

    /**
     * Loads the library of this platform.
     *
     * @throws LinkageError if there is none, or it cannot be loaded
     */
    public static OpenBlas load() {
        Loader.load(openblas_nolapack.class);
        openblas_nolapack.blas_set_num_threads(1);
        return new OpenBlas();
    }

    /**
     * Runs products at once on {@code slots} threads, large enough to touch all of the buffers that the library packs
     * operands in: it prefetches beyond what it packed, and a prefetch of a page that was never touched takes about as
     * long as fifty multiplications.
     */
    public void prime(int slots) {
        CyclicBarrier barrier = new CyclicBarrier(slots);
        List<Thread> threads = new ArrayList<>();
        for (int slot = 0; slot < slots; slot++) {
            Thread thread = new Thread(() -> primeOne(barrier), "tessera-blas-priming-" + slot);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void primeOne(CyclicBarrier barrier) {
        long count = (long) PRIMING_SIZE * PRIMING_SIZE;
        try (FloatPointer a = new FloatPointer(count);
                FloatPointer b = new FloatPointer(count);
                FloatPointer c = new FloatPointer(count)) {
            a.fill(0);
            b.fill(0);
            barrier.await();
            int n = PRIMING_SIZE;
            for (int call = 0; call < PRIMING_CALLS; call++) {
                openblas_nolapack.cblas_sgemm(
                        openblas_nolapack.CblasRowMajor,
                        openblas_nolapack.CblasNoTrans,
                        openblas_nolapack.CblasNoTrans,
                        n,
                        n,
                        n,
                        1,
                        a,
                        n,
                        b,
                        n,
                        0,
                        c,
                        n);
            }
        } catch (InterruptedException | BrokenBarrierException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether products of these operands can run here: float32 or float64, all outside the heap. */
    static boolean takes(DType dtype, MatrixView a, MatrixView b, MatrixView c) {
        return dtype.isFloating()
                && a.buffer().isDirect()
                && b.buffer().isDirect()
                && c.buffer().isDirect();
    }

    /** Prepares {@code C = alpha*A*B + beta*C} for C that is not transposed, no operand being empty. */
    ShiftedProduct product(DType dtype, Scaling scaling, MatrixView a, MatrixView b, MatrixView c) {
        Call call = new Call(a, b, c);
        return dtype == DType.FLOAT32 ? new Sgemm(call, scaling) : new Dgemm(call, scaling);
    }

    private record Call(MatrixView a, MatrixView b, MatrixView c) {
        int transA() {
            return a.isTransposed() ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans;
        }

        int transB() {
            return b.isTransposed() ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans;
        }
    }

    private static final class Sgemm implements ShiftedProduct {
        private final Call call;
        private final Scaling scaling;
        private final FloatPointer a;
        private final FloatPointer b;
        private final FloatPointer c;

        Sgemm(Call call, Scaling scaling) {
            this.call = call;
            this.scaling = scaling;
            this.a = new FloatPointer(PlainGemm.nativeOrder(call.a.buffer()).asFloatBuffer());
            this.b = new FloatPointer(PlainGemm.nativeOrder(call.b.buffer()).asFloatBuffer());
            this.c = new FloatPointer(PlainGemm.nativeOrder(call.c.buffer()).asFloatBuffer());
        }

        @Override
        public void multiply(long aShift, long bShift, long cShift) {
            openblas_nolapack.cblas_sgemm(
                    openblas_nolapack.CblasRowMajor,
                    call.transA(),
                    call.transB(),
                    call.c.rows(),
                    call.c.columns(),
                    call.a.columns(),
                    (float) scaling.alpha(),
                    a.position(call.a.offset() + aShift),
                    call.a.leadingDimension(),
                    b.position(call.b.offset() + bShift),
                    call.b.leadingDimension(),
                    (float) scaling.beta(),
                    c.position(call.c.offset() + cShift),
                    call.c.leadingDimension());
        }
    }

    private static final class Dgemm implements ShiftedProduct {
        private final Call call;
        private final Scaling scaling;
        private final DoublePointer a;
        private final DoublePointer b;
        private final DoublePointer c;

        Dgemm(Call call, Scaling scaling) {
            this.call = call;
            this.scaling = scaling;
            this.a = new DoublePointer(PlainGemm.nativeOrder(call.a.buffer()).asDoubleBuffer());
            this.b = new DoublePointer(PlainGemm.nativeOrder(call.b.buffer()).asDoubleBuffer());
            this.c = new DoublePointer(PlainGemm.nativeOrder(call.c.buffer()).asDoubleBuffer());
        }

        @Override
        public void multiply(long aShift, long bShift, long cShift) {
            openblas_nolapack.cblas_dgemm(
                    openblas_nolapack.CblasRowMajor,
                    call.transA(),
                    call.transB(),
                    call.c.rows(),
                    call.c.columns(),
                    call.a.columns(),
                    scaling.alpha(),
                    a.position(call.a.offset() + aShift),
                    call.a.leadingDimension(),
                    b.position(call.b.offset() + bShift),
                    call.b.leadingDimension(),
                    scaling.beta(),
                    c.position(call.c.offset() + cShift),
                    call.c.leadingDimension());
        }
    }
}
