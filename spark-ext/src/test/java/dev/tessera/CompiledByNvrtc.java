package dev.tessera;

import dev.tessera.cuda.driver.RealNvrtc;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips the tests of a class, loudly, where NVRTC is not there to compile their kernels. */
public final class CompiledByNvrtc implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        RealNvrtc.assumed();
    }
}
