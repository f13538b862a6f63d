package dev.tessera.cuda;

import dev.tessera.cuda.driver.BlasCompute;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The {@code spark.tessera.gpu.*} settings of a backend.
 *
 * @param devices the ordinals of the devices to use; all if empty
 * @param memoryFraction how much of a device's memory that is free at the start may be used
 * @param pinnedBytes how much page-locked host memory may be used
 * @param float32 how products of float32 are computed
 * @param kernelFolder where compiled kernels are kept
 */
record CudaSettings(
        List<Integer> devices, double memoryFraction, long pinnedBytes, BlasCompute float32, Path kernelFolder) {
    static final String DEVICES = "spark.tessera.gpu.devices";
    static final String MEMORY_FRACTION = "spark.tessera.gpu.memoryFraction";
    static final String PINNED_BYTES = "spark.tessera.gpu.pinnedBytes";
    static final String MATH_MODE = "spark.tessera.gpu.mathMode";
    static final String KERNEL_FOLDER = "spark.tessera.gpu.kernelCache";

    CudaSettings {
        devices = List.copyOf(devices);
    }

    /**
     * What the settings say.
     *
     * @throws IllegalArgumentException if a value is none that the setting takes
     */
    static CudaSettings of(Map<String, String> settings) {
        return new CudaSettings(
                devices(settings.getOrDefault(DEVICES, "")),
                fraction(settings.getOrDefault(MEMORY_FRACTION, "0.7")),
                bytes(settings.getOrDefault(PINNED_BYTES, Long.toString(1L << 30))),
                mathMode(settings.getOrDefault(MATH_MODE, "strict")),
                kernelFolder(settings.getOrDefault(KERNEL_FOLDER, "")));
    }

    private static List<Integer> devices(String text) {
        List<Integer> devices = new ArrayList<>();
        if (text.strip().equalsIgnoreCase("all")) {
            return devices;
        }
        for (String ordinal : text.split(",", -1)) {
            if (!ordinal.isBlank()) {
                try {
                    devices.add(Integer.parseUnsignedInt(ordinal.strip()));
                } catch (NumberFormatException e) {
                    throw refusal(DEVICES, text, "all, or ordinals of devices, such as 0,1");
                }
            }
        }
        return devices;
    }

    private static double fraction(String text) {
        try {
            double fraction = Double.parseDouble(text);
            if (fraction > 0 && fraction <= 1) {
                return fraction;
            }
        } catch (NumberFormatException e) {
            // Refused below, as a number that is none of these.
        }
        throw refusal(MEMORY_FRACTION, text, "a number above 0 and up to 1");
    }

    private static long bytes(String text) {
        try {
            return Long.parseUnsignedLong(text.strip());
        } catch (NumberFormatException e) {
            throw refusal(PINNED_BYTES, text, "a number of bytes");
        }
    }

    private static BlasCompute mathMode(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "strict" -> BlasCompute.FLOAT32;
            case "tf32" -> BlasCompute.FLOAT32_AS_TF32;
            case "bf16" -> BlasCompute.FLOAT32_AS_BFLOAT16;
            case "fp16" -> BlasCompute.FLOAT32_AS_FLOAT16;
            default -> throw refusal(MATH_MODE, text, "strict, tf32, bf16 or fp16");
        };
    }

    private static Path kernelFolder(String text) {
        if (!text.isEmpty()) {
            return Path.of(text);
        }
        // Apart for each user, whose files others could not read or should not write.
        String user = System.getProperty("user.name", "unknown").replaceAll("[^A-Za-z0-9_.-]", "_");
        return Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "tessera-kernels-" + user);
    }

    private static IllegalArgumentException refusal(String setting, String value, String allowed) {
        return new IllegalArgumentException("Cannot use a GPU: %s is '%s'; use %s".formatted(setting, value, allowed));
    }
}
