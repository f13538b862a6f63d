package dev.tessera.examples;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A Spark standalone master and workers, each a process of its own made of Maven's jars, on ports that the system picks.
 * Closing it ends every process, and so does the end of this JVM.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://[^\\s]+)");
    // They live for seconds: better compiled soon than well. Executors, which compute, are as they always are.
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private static final String REGISTERED = "Successfully registered with master";
    private static final String LOG_CONFIGURATION = """
        rootLogger.level = warn
        rootLogger.appenderRef.out.ref = out
        logger.deploy.name = org.apache.spark.deploy
        logger.deploy.level = info
        appender.out.type = Console
        appender.out.name = out
        appender.out.target = SYSTEM_ERR
        appender.out.layout.type = PatternLayout
        appender.out.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
        """;

    private final Path folder;
    private final Path home;
    private final Path logConfiguration;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Thread atExit = new Thread(this::end);
    private final String master;

    /**
     * What a worker has that others may not.
     *
     * @param properties system properties, as {@code SPARK_WORKER_OPTS} would give them
     * @param environment variables of its environment and that of its executors
     */
    record Worker(Map<String, String> properties, Map<String, String> environment) {
        static final Worker PLAIN = new Worker(Map.of(), Map.of());
    }

    private StandaloneCluster(Path folder, List<Path> jars, List<Worker> workers)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.home = Files.createDirectories(folder.resolve("spark"));
        this.logConfiguration = Files.writeString(folder.resolve("log4j2.properties"), LOG_CONFIGURATION);
        Path linked = Files.createDirectories(home.resolve("jars"));
        for (Path jar : jars) {
            link(jar, linked.resolve(jar.getFileName()));
        }
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            start(
                    "master",
                    Worker.PLAIN,
                    "org.apache.spark.deploy.master.Master",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    "0",
                    "--webui-port",
                    "0");
            this.master = awaitLine("master", MASTER, START).group(1);
            for (int worker = 0; worker < workers.size(); worker++) {
                startWorker("worker" + worker, workers.get(worker));
            }
            for (int worker = 0; worker < workers.size(); worker++) {
                awaitLine("worker" + worker, Pattern.compile(Pattern.quote(REGISTERED)), START);
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Starts a master and workers of one core each, their files under {@code folder}. */
    static StandaloneCluster start(Path folder, List<Path> jars, List<Worker> workers)
            throws IOException, InterruptedException {
        return new StandaloneCluster(folder, jars, workers);
    }

    private static void link(Path jar, Path link) throws IOException {
        try {
            Files.createSymbolicLink(link, jar);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(jar, link);
        }
    }

    private void startWorker(String name, Worker worker) throws IOException {
        start(
                name,
                worker,
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--work-dir",
                workFolder(name).toString(),
                master);
    }

    private Path workFolder(String name) {
        return folder.resolve(name + "-work");
    }

    private void start(String name, Worker worker, String mainClass, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx256m", "-XX:+UseSerialGC", QUICK_START));
        command.addAll(jvmOptions());
        worker.properties().forEach((key, value) -> command.add("-D%s=%s".formatted(key, value)));
        command.add(mainClass);
        command.addAll(List.of(arguments));
        launch(name, command, worker.environment());
    }

    /** The arguments of spark-submit for an application with Tessera, but for the jar of its class and its own; can be added to. */
    static List<String> submission(String mainClass, List<Path> jars, Map<String, String> more) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "spark.sql.extensions", "dev.tessera.TesseraExtensions",
                "spark.plugins", "dev.tessera.TesseraPlugin",
                "spark.ui.enabled", "false",
                "spark.executor.memory", "640m",
                // No task before all executors are there.
                "spark.scheduler.minRegisteredResourcesRatio", "1.0",
                "spark.scheduler.maxRegisteredResourcesWaitingTime", "40s"));
        settings.putAll(more);
        List<String> names = new ArrayList<>(List.of(PackagedJars.bundle().toString()));
        jars.forEach(jar -> names.add(jar.toString()));
        List<String> arguments = new ArrayList<>(List.of("--jars", String.join(",", names)));
        settings.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
        arguments.addAll(List.of("--class", mainClass));
        return arguments;
    }

    /** Submits an application. */
    void submit(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx1g", QUICK_START));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(jvmOptions());
        command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", master));
        command.addAll(arguments);
        launch("submit", command, Map.of());
    }

    /** Waits for the end of the application; its exit status. */
    int awaitEnd(Duration limit) throws IOException, InterruptedException {
        Process submitted = processes.get("submit");
        if (!submitted.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("The application has not ended in %s:%n%s".formatted(limit, log("submit")));
        }
        return submitted.exitValue();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private List<String> jvmOptions() {
        return List.of(
                "-Dlog4j2.configurationFile=" + logConfiguration.toUri(),
                "-cp",
                home.resolve("jars") + File.separator + "*");
    }

    private void launch(String name, List<String> command, Map<String, String> variables) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.redirectOutput(logFile(name).toFile());
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(variable -> variable.startsWith("SPARK_") || variable.equals("JAVA_TOOL_OPTIONS"));
        environment.put("SPARK_HOME", home.toString());
        environment.put("SPARK_CONF_DIR", folder.toString());
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        // Without it a worker looks for Scala's version in the folders of a build of Spark.
        environment.put("SPARK_SCALA_VERSION", "2.13");
        environment.putAll(variables);
        processes.put(name, builder.start());
    }

    private Path logFile(String name) {
        return folder.resolve(name + ".log");
    }

    /** What a process has printed: "master", "worker0", "submit". */
    String log(String name) throws IOException {
        return Files.readString(logFile(name));
    }

    /** How many executors a worker has started. */
    long executorsOf(int worker) throws IOException {
        try (Stream<Path> files = Files.walk(workFolder("worker" + worker), 3)) {
            return files.filter(file -> file.endsWith("stderr")).count();
        }
    }

    /** Waits until the application has printed a text, or fails with all that it has printed. */
    void awaitOutput(String text, Duration limit) throws IOException, InterruptedException {
        awaitLine("submit", Pattern.compile(Pattern.quote(text)), limit);
    }

    /** Waits until no executor of any worker is alive. */
    void awaitEndOfExecutors(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (processes.values().stream()
                .anyMatch(process -> process.descendants().findAny().isPresent())) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Executors are alive after " + limit);
            }
            Thread.sleep(100);
        }
    }

    /** Ends the executors of a worker, as the system does to a process that takes too much memory. */
    void killExecutors(int worker) {
        processes.get("worker" + worker).descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private Matcher awaitLine(String name, Pattern pattern, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Process process = processes.get(name);
        while (System.nanoTime() < end) {
            Matcher matcher = pattern.matcher(log(name));
            if (matcher.find()) {
                return matcher;
            }
            if (!process.isAlive()) {
                break;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("The %s has not come as far as %s:%n%s".formatted(name, pattern, log(name)));
    }

    @Override
    public void close() {
        end();
        unlinkJars();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is at its end, and the hook runs or has run.
        }
    }

    // JUnit warns of every link that it deletes itself.
    private void unlinkJars() {
        try (Stream<Path> links = Files.list(home.resolve("jars"))) {
            for (Path link : links.toList()) {
                Files.delete(link);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Executors are children of workers, and would outlive them for a while.
    private void end() {
        List<ProcessHandle> all = new ArrayList<>();
        for (Process process : processes.values()) {
            process.descendants().forEach(all::add);
            all.add(process.toHandle());
        }
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(late -> handle)
                .join());
    }
}
