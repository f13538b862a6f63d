package dev.tessera.sim;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Switches and counters of the simulated devices of this process. All are process-wide; {@link #reset} sets them back.
 * The same switches are read from the environment variable {@code TESSERA_SIM}, as {@code memory=8m,devices=2}, and
 * with {@code TESSERA_SIM_REPORT} counters and leaks are appended to a file when a process ends.
 */
public final class SimulatedDevice {
    public static final String NAME = "Simulated CUDA device";

    SimulatedDevice() {}

    /** For code that is no JUnit test, an executor say: builds and loads the libraries; any number of times. */
    public static SimulatedDevice load() {
        present().load();
        return new SimulatedDevice();
    }

    /** The folder with both libraries, for {@code spark.tessera.gpu.libraryPath}; builds them if they are out of date. */
    public static Path libraryFolder() {
        return present().folder();
    }

    private static SimulatedLibraries present() {
        SimulatedLibraries libraries = SimulatedLibraries.find();
        if (!libraries.arePresent()) {
            throw new IllegalStateException("Cannot load the simulated CUDA device: " + libraries.reason());
        }
        return libraries;
    }

    /** Frees everything on all devices and all page-locked memory, revives lost devices, and sets switches and counters back. */
    public void reset() {
        execute("reset");
    }

    /** Bytes of memory of each device, from now on; 512 MiB if never set. */
    public void setMemory(long sizeInBytes) {
        set("memory", sizeInBytes);
    }

    /** How many devices there are; more may be added while a process runs, none removed. */
    public void setDeviceCount(int count) {
        set("devices", count);
    }

    /** Another order of blocks and warps, and of work in different streams, all legal; 0 is the ascending order. */
    public void setSeed(long seed) {
        set("seed", seed);
    }

    /** Moves results of approximate instructions (ex2, lg2, rcp, rsqrt, sqrt, sin, cos, tanh) by up to that many ulps. */
    public void setNoise(int ulps) {
        set("noise", ulps);
    }

    /** Whether a barrier of the block that exited threads never reach is an error, which hardware forgives. */
    public void setStrictBarriers(boolean strict) {
        set("strictBarriers", strict ? 1 : 0);
    }

    /** Whether work runs when it is enqueued, which hides missing synchronisation. */
    public void setEager(boolean eager) {
        set("eager", eager ? 1 : 0);
    }

    /** Instructions, summed over threads, after which a launch times out with error 702. */
    public void setInstructionBudget(long instructions) {
        set("budget", instructions);
    }

    /** Lets the nth call from now, counted from 1, of a driver or cuBLAS function return a code; no version suffix. */
    public void failCall(String function, int nth, int code) {
        execute("set fail=" + function + ":" + nth + ":" + code);
    }

    /** As {@link #failCall}, and all later calls too. */
    public void failCallsFrom(String function, int nth, int code) {
        execute("set fail=" + function + ":" + nth + "+:" + code);
    }

    /** Lets the nth operation to run in a stream from now fail with an error that stays until the context is gone. */
    public void failOperation(int nth, int code) {
        execute("set sticky=" + nth + ":" + code);
    }

    /** As {@link #failOperation} with error 46, and the device does not come back before {@link #reset}. */
    public void loseDevice(int nthOperation) {
        set("lose", nthOperation);
    }

    /** A counter, such as {@code h2d.bytes} or {@code launch.<kernel>}; 0 if there is none of the name. */
    public long counter(String name) {
        return counters().getOrDefault(name, 0L);
    }

    /**
     * All counters: {@code call.<function>}, {@code launches}, {@code launch.<kernel>}, {@code products},
     * {@code product.<function>}, {@code h2d|d2h|d2d.copies|bytes}, {@code fills}, {@code syncs}, {@code operations},
     * {@code instructions}, {@code allocations}, {@code frees}, {@code allocatedBytes}, {@code pinnedAllocations},
     * {@code pageableAsyncCopies}, {@code moduleLoads}, {@code faults}, {@code injectedFaults}, {@code leakReports},
     * {@code live.allocations|bytes|streams|events|modules|contexts|pinnedAllocations|pinnedBytes}, {@code peak.bytes}.
     */
    public Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>();
        for (String line : execute("counters").split("\n")) {
            int equals = line.lastIndexOf('=');
            counters.put(line.substring(0, equals), Long.parseLong(line.substring(equals + 1)));
        }
        return counters;
    }

    /** What is alive now, in words; empty if nothing is. */
    public String leaks() {
        return execute("leaks");
    }

    /** What was alive when contexts were released since the last {@link #reset}; empty if nothing was. */
    public String leakReports() {
        return execute("reports");
    }

    /** What the checks found since the last {@link #reset}, one line each, with kernel, PTX line, block and thread. */
    public String faults() {
        return execute("faults");
    }

    private void set(String name, long value) {
        execute("set " + name + "=" + value);
    }

    private static String execute(String line) {
        String answer = command(line);
        if (answer.startsWith("error: ")) {
            throw new IllegalArgumentException("Cannot execute '%s': %s".formatted(line, answer));
        }
        return answer;
    }

    private static native String command(String line);
}
