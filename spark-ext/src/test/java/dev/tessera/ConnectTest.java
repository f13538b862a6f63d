package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server of Spark Connect with Tessera, and a client of it, each a JVM of its own: the client's jar has classes of the
 * server's names. Their jars are looked for beside Spark's own in the local Maven repository.
 */
class ConnectTest {
    private static final List<String> JARS = List.of("spark-connect", "spark-connect-client-jvm");

    @Test
    @Timeout(180)
    void aClientCallsFunctionsOfTheServerAndItsOwn(@TempDir Path folder) throws IOException, InterruptedException {
        List<Path> jars = JARS.stream().map(ConnectTest::jar).toList();
        jars.forEach(ConnectTest::assumePresent);
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.named("n"));
        Path saved = folder.resolve("sum.tessera");
        TensorFunction.compile(x.sum()).save(saved);
        int port = freePort();
        Path log = folder.resolve("server.log");
        Process server = start(
                log,
                command(
                        jars.get(0) + File.pathSeparator + classPath(entry -> true),
                        List.of(
                                "-Dspark.master=local[2]",
                                "-Dspark.app.name=connect-test",
                                "-Dspark.ui.enabled=false",
                                "-Dspark.driver.host=127.0.0.1",
                                "-Dspark.driver.bindAddress=127.0.0.1",
                                "-Dspark.connect.grpc.binding.address=127.0.0.1",
                                "-Dspark.connect.grpc.binding.port=" + port,
                                "-Dspark.sql.extensions=" + TesseraExtensions.class.getName(),
                                "-Dspark.tessera.functions.saved_sum=" + saved,
                                "org.apache.spark.sql.connect.service.SparkConnectServer")));
        try {
            awaitPort(server, port, log);
            Path output = folder.resolve("client.log");
            Process client = start(
                    output,
                    command(
                            jars.get(1) + File.pathSeparator + classPath(ConnectTest::isForClients),
                            List.of(ConnectClient.class.getName(), "sc://127.0.0.1:" + port)));
            try {
                assertThat(client.waitFor(120, TimeUnit.SECONDS))
                        .as(() -> text(output) + text(log))
                        .isTrue();
            } finally {
                client.destroyForcibly();
            }
            assertThat(text(output).lines())
                    .as(() -> text(log))
                    .containsSubsequence(
                            "2.0 4.0 6.0",
                            "1.0 2.0 3.0",
                            "1.0 1.0 2.0",
                            "Cannot register 'maximum': this is a client's session of Spark Connect; configure the"
                                    + " server with spark.sql.extensions=dev.tessera.TesseraExtensions, and name saved"
                                    + " functions there with spark.tessera.functions.NAME");
        } finally {
            server.destroyForcibly();
        }
    }

    private static void assumePresent(Path jar) {
        if (!Files.exists(jar)) {
            Path version = jar.getParent();
            String artifact =
                    "org.apache.spark:%s:%s".formatted(version.getParent().getFileName(), version.getFileName());
            String loud =
                    "SKIPPED: Tessera over Spark Connect is not tested, for want of %s: mvn dependency:get -Dtransitive=false -Dartifact=%s"
                            .formatted(jar, artifact);
            System.err.println(loud);
            Assumptions.abort(loud);
        }
    }

    /** The jar of an artifact of Spark, which lies in the repository as that of spark-sql-api does. */
    private static Path jar(String artifact) {
        Path known = Path.of(SparkSession.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        Path version = known.getParent().getFileName();
        String name = known.getFileName().toString().replace("spark-sql-api", artifact);
        String folder = known.getParent().getParent().getFileName().toString().replace("spark-sql-api", artifact);
        return known.getParent()
                .getParent()
                .resolveSibling(folder)
                .resolve(version)
                .resolve(name);
    }

    /** A client has Spark's API and common classes, and none of its engine. */
    private static boolean isForClients(String entry) {
        String name = new File(entry).getName();
        return List.of("spark-sql_", "spark-catalyst", "spark-mllib", "spark-graphx", "spark-streaming").stream()
                .noneMatch(name::startsWith);
    }

    private static String classPath(Predicate<String> isWanted) {
        return String.join(
                File.pathSeparator,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(isWanted)
                        .toList());
    }

    private static List<String> command(String classPath, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx768m", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:TieredStopAtLevel=1"));
        for (String opened : List.of(
                "java.lang",
                "java.lang.invoke",
                "java.lang.reflect",
                "java.io",
                "java.net",
                "java.nio",
                "java.util",
                "java.util.concurrent",
                "sun.nio.ch",
                "sun.nio.cs",
                "sun.security.action",
                "sun.util.calendar")) {
            command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath));
        command.addAll(arguments);
        return command;
    }

    private static Process start(Path output, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(Process server, int port, Path log) throws InterruptedException {
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
                return;
            } catch (IOException e) {
                assertThat(server.isAlive()).as(() -> text(log)).isTrue();
                Thread.sleep(200);
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
