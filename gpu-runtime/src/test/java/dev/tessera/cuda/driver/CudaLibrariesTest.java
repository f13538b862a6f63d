package dev.tessera.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** JCuda's own libraries over stubs of NVIDIA's: what is loaded, from where, and what is left behind. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class CudaLibrariesTest {
    private static final String DRIVER_BRIDGE = NativeLibrary.DRIVER.bridgeFile();

    @TempDir
    static Path stubs;

    @TempDir
    Path folder;

    @BeforeAll
    static void buildStubs() throws IOException, InterruptedException {
        for (NativeLibrary library : NativeLibrary.values()) {
            StubLibraries.build(stubs, library.soname());
        }
    }

    @Test
    void loadsAllThreeAndLeavesNothingBehind() throws IOException, InterruptedException {
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        String output = run(List.of("-Djava.io.tmpdir=" + scratch), stubs.toString());
        assertEverythingLoaded(output);
        assertThat(output).contains("tmpdir " + scratch);
        assertThat(filesIn(scratch)).isEmpty();
    }

    @Test
    void processesThatStartAtOnceOnAnEmptyFolderAllLoad() throws IOException, InterruptedException {
        int rounds = Integer.getInteger("tessera.test.startRounds", 3);
        for (int round = 0; round < rounds; round++) {
            Path scratch = Files.createDirectory(folder.resolve("round" + round));
            List<ChildJvm> children = new ArrayList<>();
            for (int child = 0; child < 3; child++) {
                children.add(start(List.of("-Djava.io.tmpdir=" + scratch), stubs.toString()));
            }
            for (ChildJvm child : children) {
                assertEverythingLoaded(child.await());
            }
            assertThat(filesIn(scratch)).isEmpty();
        }
    }

    @Test
    void aTruncatedFileOfAProcessThatWasKilledIsNotLoaded() throws IOException, InterruptedException {
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        Path leftover = scratch.resolve(DRIVER_BRIDGE);
        Files.write(leftover, new byte[5000]);
        assertEverythingLoaded(run(List.of("-Djava.io.tmpdir=" + scratch), stubs.toString()));
        assertThat(filesIn(scratch)).containsExactly(leftover);
    }

    @Test
    void aRelativeTemporaryFolderIsTakenFromTheWorkingDirectory() throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("relative"));
        assertEverythingLoaded(run(List.of("-Djava.io.tmpdir=relative"), stubs.toString()));
    }

    @Test
    void whereTheTemporaryFolderCannotBeWrittenToAnotherIsTaken() throws IOException, InterruptedException {
        assertEverythingLoaded(run(List.of("-Djava.io.tmpdir=/proc"), stubs.toString()));
        assertThat(filesIn(folder)).isEmpty();
    }

    @Test
    void aNamedFolderThatCannotBeWrittenToIsAReason() throws IOException, InterruptedException {
        String output = run(List.of(), stubs.toString(), "/proc");
        assertThat(output)
                .contains("driver: no: no folder can hold JCuda's libraries: /proc: ")
                .contains("name one that files can be written to and executed from with spark.tessera.gpu.libraryCache")
                .endsWith("status 0");
    }

    @Test
    void aFolderThatNothingCanBeExecutedFromIsPassedOverOrAReason() throws IOException, InterruptedException {
        Path scratch = Files.createDirectory(folder.resolve("noexec"));
        List<String> launcher = List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"",
                scratch.toString());
        assumeTrue(canRun(launcher), "file systems cannot be mounted here");
        List<String> temporary = List.of("-Djava.io.tmpdir=" + scratch);
        assertEverythingLoaded(ChildJvm.start(folder, launcher, LoadProbe.class, temporary, stubs.toString())
                .await());
        assertThat(ChildJvm.start(folder, launcher, LoadProbe.class, temporary, stubs.toString(), scratch.toString())
                        .await())
                .contains("no folder can hold JCuda's libraries: " + scratch + " is mounted noexec")
                .endsWith("status 0");
    }

    @Test
    void twoClassLoadersOfOneProcessBothLoad() throws IOException, InterruptedException {
        String output = ChildJvm.start(folder, TwoLoaders.class, List.of(), stubs.toString())
                .await();
        assertThat(output.split("NVRTC version 12060", -1)).as(output).hasSize(3);
        assertThat(output.split("cuBLAS version 120601", -1)).as(output).hasSize(3);
        assertThat(output).endsWith("status 0");
    }

    @Test
    void aClassPathWithoutJcudaIsAReason() throws IOException, InterruptedException {
        String without = Stream.of(ChildJvm.classPath().split(File.pathSeparator))
                .filter(entry -> !entry.contains("org/jcuda"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(run(List.of("-cp", without), stubs.toString()))
                .contains("driver: no: /lib/" + DRIVER_BRIDGE + " is not on the class path")
                .contains("add the jcuda-natives and jcublas-natives of JCuda 12.6.0 (linux-x86_64) to it")
                .endsWith("status 0");
    }

    @Test
    void anotherBuildOfJcudasLibrariesIsNotLoaded() throws IOException, InterruptedException {
        Path jar = folder.resolve("other.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("lib/" + DRIVER_BRIDGE));
            out.write(new byte[100]);
        }
        assertThat(run(List.of("-Xbootclasspath/a:" + jar), stubs.toString()))
                .contains("driver: no: jar:file:" + jar + "!/lib/" + DRIVER_BRIDGE + " has SHA-256 ")
                .contains(", but JCuda 12.6.0 has " + NativeLibrary.DRIVER.bridgeDigest())
                .endsWith("status 0");
    }

    @Test
    void aLibraryInAJarIsLoadedWithItsCompanionAndLeavesNothingBehind() throws IOException, InterruptedException {
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        Path jar = folder.resolve("redist.jar");
        Path builtins = StubLibraries.build(folder.resolve("builtins"), "libnvrtc-builtins.so.12.9");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Path library : List.of(stubs.resolve("libnvrtc.so.12"), builtins)) {
                out.putNextEntry(new ZipEntry("org/bytedeco/cuda/linux-x86_64/" + library.getFileName()));
                Files.copy(library, out);
            }
        }
        String output = run(
                List.of("-Djava.io.tmpdir=" + scratch, "-Xbootclasspath/a:" + jar),
                StubLibraries.build(folder.resolve("driver"), "libcuda.so.1")
                        .getParent()
                        .toString());
        assertThat(output)
                .contains("NVRTC LibraryStatus[isLoaded=true, file=jar:file:" + jar)
                .contains("NVRTC version 12060")
                .containsPattern(
                        "mapped " + scratch + "/tessera-cuda-\\d+/libnvrtc-builtins\\.so\\.12\\.9 \\(deleted\\)")
                .contains("CUBLAS LibraryStatus[isLoaded=false")
                .endsWith("status 0");
        assertThat(filesIn(scratch)).isEmpty();
    }

    @Test
    void aDriverThatIsNotThereIsSaidInAllParts() throws IOException, InterruptedException {
        String output = run(List.of(), folder.toString());
        assertThat(output)
                .contains("driver: no: libcuda.so.1 is not found in [" + folder + "]")
                .contains("install NVIDIA's driver, R525 or later")
                .contains("devices: no: there is no driver")
                .contains("cublas: no: not loaded, for there is no device to use it on")
                .contains("nvrtc: no: not loaded, for there is no device to use it on")
                .endsWith("status 0");
    }

    @Test
    void aMachineWithCudaThirteenAloneRunsOverIt() throws IOException, InterruptedException {
        Path thirteen = folder.resolve("thirteen");
        StubLibraries.build(thirteen, "libcuda.so.1");
        StubLibraries.build(thirteen, "libcublas.so.13", "-DCUDA_MAJOR=13");
        StubLibraries.build(thirteen, "libnvrtc.so.13", "-DCUDA_MAJOR=13");
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        assertThat(run(List.of("-Djava.io.tmpdir=" + scratch), thirteen.toString()))
                .contains("CUBLAS LibraryStatus[isLoaded=true, file=" + thirteen.resolve("libcublas.so.13"))
                .contains("NVRTC LibraryStatus[isLoaded=true, file=" + thirteen.resolve("libnvrtc.so.13"))
                .contains("cuBLAS version 130601", "NVRTC version 13060")
                .endsWith("status 0");
        assertThat(filesIn(scratch)).isEmpty();
    }

    @Test
    void theLibraryOfTwelveIsTakenBeforeThatOfThirteen() throws IOException, InterruptedException {
        StubLibraries.build(folder, "libnvrtc.so.13", "-DCUDA_MAJOR=13");
        Path twelve = StubLibraries.build(folder, "libnvrtc.so.12");
        assertThat(run(List.of(), folder.toString()))
                .contains("NVRTC LibraryStatus[isLoaded=true, file=" + twelve, "NVRTC version 12060");
    }

    @Test
    void aLibraryOfThirteenWithoutOneOfTheFunctionsIsAReason() throws IOException, InterruptedException {
        StubLibraries.build(folder, "libnvrtc.so.13", "-DCUDA_MAJOR=13", "-DWITHOUT_LOG");
        assertThat(run(List.of(), folder.toString()))
                .containsPattern("NVRTC LibraryStatus\\[isLoaded=false.*undefined symbol: nvrtcGetProgramLog")
                .endsWith("status 0");
    }

    @Test
    void aMachineWithAnotherCudaAloneIsToldSo() throws IOException, InterruptedException {
        Path eleven = folder.resolve("eleven");
        StubLibraries.build(eleven, "libcublas.so.11");
        StubLibraries.build(eleven, "libnvrtc.so.11");
        assertThat(run(List.of(), eleven.toString()))
                .contains("libcublas.so.12 is not found, only " + eleven.resolve("libcublas.so.11")
                        + ": JCuda 12.6.0 is linked against CUDA 12")
                .contains("libnvrtc.so.12 is not found, only " + eleven.resolve("libnvrtc.so.11"))
                .contains("install that library of CUDA 12 or 13 beside it")
                .endsWith("status 0");
    }

    @Test
    void libraryOfCudaThirteenUnderTheNameOfTwelveIsAReason() throws IOException, InterruptedException {
        Path renamed = folder.resolve("renamed");
        Path thirteen = StubLibraries.build(folder.resolve("thirteen"), "libnvrtc.so.13");
        Files.createDirectory(renamed);
        Files.copy(thirteen, renamed.resolve("libnvrtc.so.12"));
        assertThat(run(List.of(), renamed.toString()))
                .containsPattern("NVRTC LibraryStatus\\[isLoaded=false.*libnvrtc\\.so\\.12")
                .endsWith("status 0");
    }

    @Test
    void aBrokenLibraryIsAReason() throws IOException, InterruptedException {
        Path broken = folder.resolve("libcuda.so.1");
        Files.write(broken, new byte[100]);
        assertThat(run(List.of(), folder.toString()))
                .contains("driver: no: libcuda.so.1 cannot be loaded: " + broken + ": ")
                .contains("invalid ELF header")
                .endsWith("status 0");
    }

    @Test
    void anOldDriverIsToldWhatItRuns() throws IOException, InterruptedException {
        StubLibraries.build(folder, "libcuda.so.1", "-DDRIVER_VERSION=11040");
        assertThat(run(List.of(), folder.toString()))
                .contains("driver: no: the driver runs CUDA 11.4, and 12.0 is needed; install NVIDIA's driver R525 or"
                        + " later");
    }

    @Test
    void theToolkitsStubOfTheDriverIsRecognised() throws IOException, InterruptedException {
        StubLibraries.build(folder, "libcuda.so.1", "-DINIT_RESULT=34");
        assertThat(run(List.of(), folder.toString()))
                .contains("driver: no: CUDA_ERROR_STUB_LIBRARY (34); that libcuda.so.1 is the toolkit's stub for"
                        + " linking");
    }

    private String run(List<String> jvmArguments, String... arguments) throws IOException, InterruptedException {
        return start(jvmArguments, arguments).await();
    }

    private ChildJvm start(List<String> jvmArguments, String... arguments) throws IOException {
        return ChildJvm.start(folder, LoadProbe.class, jvmArguments, arguments);
    }

    private static void assertEverythingLoaded(String output) {
        assertThat(output)
                .contains("driver: yes, CUDA 12.6, " + stubs.resolve("libcuda.so.1"))
                .contains("devices: no: the driver sees none")
                .contains("cuBLAS version 120601")
                .contains("NVRTC version 12060")
                .endsWith("status 0");
    }

    private static boolean canRun(List<String> launcher) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.add("true");
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
