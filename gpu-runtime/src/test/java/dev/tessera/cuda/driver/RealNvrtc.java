package dev.tessera.cuda.driver;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** NVIDIA's own compiler, which needs no GPU: there with the profile {@code nvrtc}, or where a toolkit is installed. */
public final class RealNvrtc {
    /** Set by who must not skip. */
    private static final String REQUIRED = "tessera.requireNvrtc";

    private static final CudaApi API = CudaPlatform.of(Map.of()).api();

    private RealNvrtc() {}

    /** The compiler; skips the test, loudly, where there is none. */
    public static CudaApi assumed() {
        try {
            API.compilerVersion();
        } catch (CudaException e) {
            if (Boolean.getBoolean(REQUIRED)) {
                throw e;
            }
            Said.once(e.getMessage());
            abort(e.getMessage());
        }
        return API;
    }

    /** Says it once for all tests of a process. */
    private static final class Said {
        private static final AtomicBoolean SAID = new AtomicBoolean();

        static void once(String reason) {
            if (SAID.compareAndSet(false, true)) {
                System.err.println("SKIPPED: kernels are not compiled by NVRTC here, run with -Pnvrtc: " + reason);
            }
        }
    }
}
