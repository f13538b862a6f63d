package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.TensorReport;
import dev.tessera.Tessera;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plugin.TensorConf;
import dev.tessera.rewrite.StabilizedForms;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.TensorType;
import dev.tessera.text.ExpressionParser;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pastes what README.md shows, and holds its tables to what they are made from. */
class ReadmeTest {
    private static final Path README = Path.of("../README.md");

    private static String readme() throws IOException {
        return Files.readString(README);
    }

    private static List<String> blocks(String language) throws IOException {
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme());
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    private static String table(String name) throws IOException {
        Pattern pattern = Pattern.compile("<!-- " + name + " -->\n(.*?)<!-- end -->", Pattern.DOTALL);
        Matcher matcher = pattern.matcher(readme());
        assertThat(matcher.find())
                .as("README.md has <!-- %s --> … <!-- end -->", name)
                .isTrue();
        return matcher.group(1);
    }

    private static void assertTable(String name, String made) throws IOException {
        assertThat(table(name))
                .as("README.md, between <!-- %s --> and <!-- end -->. It should be:%n%s", name, made)
                .isEqualTo(made);
    }

    @Test
    void opsAreThoseOfTheEnumsAndRecords() throws IOException {
        assertTable("elementwise", OpTable.elementwise());
        assertTable("other ops", OpTable.other());
        assertThat(OpTable.kinds().stream().map(Object::getClass))
                .containsExactlyInAnyOrder(Op.class.getPermittedSubclasses());
    }

    @Test
    void stabilisedFormsAreThoseOfTheRewriter() throws IOException {
        assertTable("stabilised forms", StabilizedForms.markdown());
    }

    @Test
    void everyTextOfTheTablesIsUnderstood() throws IOException {
        Matcher text = Pattern.compile("^\\| `(.*?)` \\|", Pattern.MULTILINE)
                .matcher(table("elementwise") + table("other ops"));
        List<String> refused = new ArrayList<>();
        while (text.find()) {
            String expression = text.group(1).replace("\\|", "|");
            try {
                ExpressionParser.parse(expression, names(DType.FLOAT64));
            } catch (RuntimeException e) {
                // Of bools, then, as those of & and |.
                if (!isUnderstood(expression, DType.BOOL)) {
                    refused.add(expression + ": " + e.getMessage());
                }
            }
        }
        assertThat(refused).isEmpty();
    }

    private static boolean isUnderstood(String expression, DType dtype) {
        try {
            return !ExpressionParser.parse(expression, names(dtype)).isEmpty();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static Map<String, Tensor> names(DType dtype) {
        return Map.of(
                "x", Tensors.variable("x", TensorType.of(dtype, 2, 3)),
                "y", Tensors.variable("y", TensorType.of(dtype, 2, 3)),
                "w", Tensors.variable("w", TensorType.of(dtype, 3, 2)),
                "z", Tensors.variable("z", TensorType.of(dtype, 1, 3)),
                "gain", Tensors.variable("gain", TensorType.of(dtype, 3)),
                "bias", Tensors.variable("bias", TensorType.of(dtype, 3)),
                "condition", Tensors.variable("condition", TensorType.of(DType.BOOL, 2, 3)),
                "indices", Tensors.variable("indices", TensorType.of(DType.INT64, 2)));
    }

    @Test
    void configurationIsThatOfTheCode() throws IOException {
        String head = "| key | default | meaning |\n|---|---|---|\n";
        assertTable("configuration", head + TensorConf.markdownRows() + "\n");
    }

    @Test
    void everyJavaBlockCompilesAndRuns(@TempDir Path folder) throws Exception {
        List<String> blocks = blocks("java");
        assertThat(blocks).isNotEmpty();
        try (SparkSession spark = ExampleSession.builder().getOrCreate()) {
            for (int i = 0; i < blocks.size(); i++) {
                run(blocks.get(i), "Pasted" + i, folder, spark);
            }
            assertThat(Tessera.report(spark).receipt().rowCount()).isPositive();
        }
    }

    /** Compiles a block as the body of a method that is given the session, and calls it. */
    private static void run(String block, String name, Path folder, SparkSession spark) throws Exception {
        StringBuilder imports = new StringBuilder();
        StringBuilder body = new StringBuilder();
        block.lines()
                .forEach(line -> (line.startsWith("import ") ? imports : body)
                        .append(line)
                        .append('\n'));
        String source = "%spublic class %s { public static void run(SparkSession spark) throws Exception {\n%s}}\n"
                .formatted(imports, name, body);
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        StringWriter messages = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-d", folder.toString(), "-classpath", classPath());
            boolean isCompiled = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            assertThat(isCompiled).as("%s%n%s", source, messages).isTrue();
        }
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ReadmeTest.class.getClassLoader())) {
            loader.loadClass(name).getMethod("run", SparkSession.class).invoke(null, spark);
        }
    }

    /** What this class was loaded with, by the JVM itself or by a loader of jars. */
    private static String classPath() {
        if (ReadmeTest.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @Test
    void everySqlStatementRuns() throws IOException {
        List<String> statements = blocks("sql").stream()
                .flatMap(block -> Arrays.stream(block.split(";\n", -1)))
                .filter(statement -> !statement.isBlank())
                .toList();
        assertThat(statements).hasSizeGreaterThan(1);
        try (SparkSession spark = ExampleSession.open()) {
            List<Row> rows = List.of();
            for (String statement : statements) {
                rows = spark.sql(statement).collectAsList();
            }
            assertThat(rows).isNotEmpty();
            TensorReport report = Tessera.report(spark);
            assertThat(report.operatorBatches()).as("%s", report).isPositive();
        }
    }
}
