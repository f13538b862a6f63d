package dev.tessera.cuda.driver;

/** What NVRTC made, and what it remarked; the log is empty if it had nothing to say. */
public record CompiledKernel(KernelImage image, String log) {}
