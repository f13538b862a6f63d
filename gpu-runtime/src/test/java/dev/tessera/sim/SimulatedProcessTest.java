package dev.tessera.sim;

import static dev.tessera.sim.JCudaSession.check;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own, as an executor is: switches from the environment, counters and leaks in a file. */
@ExtendWith(SimulatedCuda.class)
class SimulatedProcessTest {
    @Test
    void anotherProcessTakesSwitchesFromItsEnvironmentAndReportsWhenItEnds(@TempDir Path folder) throws Exception {
        Path report = folder.resolve("report");
        Path output = folder.resolve("output");
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Dtessera.sim.libraries=" + SimulatedDevice.libraryFolder(),
                "-cp",
                classPath(),
                Leaking.class.getName());
        command.environment().put("TESSERA_SIM", "memory=8m,devices=3,fail=cuMemAlloc:2:2");
        command.environment().put("TESSERA_SIM_REPORT", report.toString());
        Process process = command.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(output)).contains("3 devices", "code 2", "cuMemAlloc returns 2, as asked");
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(report))
                .contains("call.cuMemAlloc=3", "injectedFaults=1", "live.allocations=2")
                .contains("device 0: 2 device allocations, 5000 bytes alive");
    }

    /** Where our own test classes, JCuda and its native libraries are. */
    private static String classPath() throws URISyntaxException {
        StringJoiner path = new StringJoiner(File.pathSeparator);
        for (Class<?> type : new Class<?>[] {SimulatedDevice.class, JCudaDriver.class}) {
            path.add(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        String natives = JCudaDriver.class
                .getResource("/lib/libJCudaDriver-12.6.0-linux-x86_64.so")
                .getPath();
        return path.add(natives.substring("file:".length(), natives.indexOf("!/")))
                .toString();
    }

    /** Ends without giving anything back. */
    static final class Leaking {
        private Leaking() {}

        public static void main(String[] arguments) throws IOException {
            SimulatedDevice.load();
            try (JCudaSession cuda = JCudaSession.withoutModule()) {
                int[] count = new int[1];
                check(JCudaDriver.cuDeviceGetCount(count));
                System.out.println(count[0] + " devices");
                cuda.allocate(4000);
                System.out.println("code " + JCudaDriver.cuMemAlloc(new CUdeviceptr(), 1));
                cuda.allocate(1000);
                System.exit(0);
            }
        }
    }
}
