package dev.tessera.cuda.driver;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What this machine has of CUDA, part by part, with a reason and a remedy for each that is missing.
 *
 * @param parts one of each {@link PartName}, in its order
 * @param devices that can be used, in the driver's order
 */
public record Capability(List<Part> parts, List<Device> devices) {
    /** The parts, each of use only with those before it; but cuBLAS and NVRTC do without each other. */
    public enum PartName {
        DRIVER,
        DEVICES,
        CUBLAS,
        NVRTC
    }

    /** What kernels that are compiled already need. */
    public static final Set<PartName> COMPILED_KERNELS = Set.copyOf(EnumSet.of(PartName.DRIVER, PartName.DEVICES));
    /** What any plan may need. */
    public static final Set<PartName> EVERYTHING = Set.copyOf(EnumSet.allOf(PartName.class));

    public Capability {
        parts = List.copyOf(parts);
        devices = List.copyOf(devices);
    }

    /**
     * One part.
     *
     * @param version as its maker writes it, or empty if unknown
     * @param file which library it is, or empty if none is found
     * @param reason why it is not available; empty if it is
     * @param remedy what to do then; empty if it is
     */
    public record Part(PartName name, boolean available, String version, String file, String reason, String remedy) {
        @Override
        public String toString() {
            String label = name.name().toLowerCase(Locale.ROOT);
            if (!available) {
                return "%s: no: %s; %s".formatted(label, reason, remedy);
            }
            return "%s: yes%s%s"
                    .formatted(label, version.isEmpty() ? "" : ", " + version, file.isEmpty() ? "" : ", " + file);
        }
    }

    /**
     * A device.
     *
     * @param ordinal in the driver's order
     * @param uuid as {@code nvidia-smi} prints it
     * @param computeCapability as 80 for 8.0
     */
    public record Device(int ordinal, String name, String uuid, int computeCapability, long memoryInBytes) {
        @Override
        public String toString() {
            return "device %d: %s, %s, compute capability %d.%d, %d MiB"
                    .formatted(
                            ordinal, name, uuid, computeCapability / 10, computeCapability % 10, memoryInBytes >> 20);
        }
    }

    public Part part(PartName name) {
        return parts.stream().filter(part -> part.name() == name).findFirst().orElseThrow();
    }

    /** The first part that is needed and not available, if there is one: what to mend first. */
    public Optional<Part> firstMissing(Set<PartName> needed) {
        return parts.stream()
                .filter(part -> needed.contains(part.name()) && !part.available())
                .findFirst();
    }

    /** A line for each part and device. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part).append('\n'));
        devices.forEach(device -> text.append(device).append('\n'));
        return text.toString();
    }
}
