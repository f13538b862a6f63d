package dev.tessera.cuda.driver;

/** A call of the driver, of cuBLAS or of NVRTC failed; says which, with what code, and what can be done about it. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What a failure means to whoever made the call. */
    public enum Kind {
        /** The device, or the host's pinned memory, is full for now: free something, or ask for less. */
        OUT_OF_MEMORY,
        /** The context is lost: every later call on this device fails in this process. */
        STICKY,
        /** What was asked about has not happened yet. */
        NOT_READY,
        /** This driver, device or machine cannot do it, now or later. */
        UNSUPPORTED,
        OTHER
    }

    private final String function;
    private final int code;
    private final String codeName;
    private final Kind kind;

    /** @param detail what else is known, such as the operands or a compiler's log; empty for nothing */
    public CudaException(String function, int code, String codeName, Kind kind, String detail) {
        super("Cannot run %s: %s (%d)%s".formatted(function, codeName, code, detail.isEmpty() ? "" : "; " + detail));
        this.function = function;
        this.code = code;
        this.codeName = codeName;
        this.kind = kind;
    }

    /** The function of the library, as in {@code cuMemAlloc}. */
    public String function() {
        return function;
    }

    /** What it returned: a {@code CUresult}, {@code cublasStatus_t} or {@code nvrtcResult}, by the prefix of the function. */
    public int code() {
        return code;
    }

    /** The name of the code, as in {@code CUDA_ERROR_OUT_OF_MEMORY}. */
    public String codeName() {
        return codeName;
    }

    public Kind kind() {
        return kind;
    }
}
