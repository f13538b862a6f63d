package dev.tessera.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What this process has of what a backend needs, whether it is enough or not. Immutable.
 *
 * @param backend as the configuration names it
 * @param parts what it needs of the machine, each of use only with those before it; none if it needs nothing
 * @param devices what it would run on, a line each
 */
public record Diagnosis(String backend, List<Part> parts, List<String> devices) {
    public Diagnosis {
        parts = List.copyOf(parts);
        devices = List.copyOf(devices);
    }

    /**
     * A part, such as a library.
     *
     * @param version as its maker writes it, or empty if unknown
     * @param file where it is or was found, or empty
     * @param reason why it is not available; empty if it is
     * @param remedy what to do about that; empty if it is
     */
    public record Part(String name, boolean isAvailable, String version, String file, String reason, String remedy) {
        @Override
        public String toString() {
            return toString(true);
        }

        private String toString(boolean withRemedy) {
            String found = (version.isEmpty() ? "" : ", " + version) + (file.isEmpty() ? "" : ", " + file);
            if (isAvailable) {
                return "%s: yes%s".formatted(name, found);
            }
            return "%s: no%s: %s%s".formatted(name, found, reason, withRemedy ? "; " + remedy : "");
        }
    }

    /** What to mend first, if anything is missing. */
    public Optional<Part> firstMissing() {
        return parts.stream().filter(part -> !part.isAvailable()).findFirst();
    }

    /** A line for each part and device; a remedy once, though several parts wait for it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        Set<String> remedies = new HashSet<>();
        for (Part part : parts) {
            boolean isSaid = !part.remedy().isEmpty() && !remedies.add(part.remedy());
            line(text, part.toString(!isSaid));
        }
        devices.forEach(device -> line(text, device));
        return text.toString();
    }

    private void line(StringBuilder text, String line) {
        text.append(String.format(Locale.ROOT, "%s %s%n", backend, line));
    }
}
