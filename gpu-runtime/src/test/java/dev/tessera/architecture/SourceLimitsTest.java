package dev.tessera.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Holds the sources of every module to the hard limits of size, and every package to its page. */
class SourceLimitsTest {
    private static final int FILE_LINES = 500;
    private static final int METHOD_LINES = 60;
    private static final List<Path> MODULES =
            List.of(Path.of("../gpu-runtime"), Path.of("../spark-ext"), Path.of("../examples"));

    @Test
    void filesAreShort() throws IOException {
        List<Path> sources = sources();
        List<String> tooLong = new ArrayList<>();
        for (Path source : sources) {
            int lines = Files.readAllLines(source).size();
            if (lines > FILE_LINES) {
                tooLong.add(source + ": " + lines + " lines");
            }
        }
        assertThat(sources).isNotEmpty();
        assertThat(tooLong).as("files of more than %d lines", FILE_LINES).isEmpty();
    }

    @Test
    void methodsAreShort() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> tooLong = new ArrayList<>();
        int methods = 0;
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                MethodLengths lengths = new MethodLengths(unit, positions);
                lengths.scan(unit, null);
                tooLong.addAll(lengths.tooLong);
                methods += lengths.methods;
            }
        }
        assertThat(methods).isPositive();
        assertThat(tooLong).as("methods of more than %d lines", METHOD_LINES).isEmpty();
    }

    @Test
    void packagesStateTheirResponsibilityAndAreNullMarked() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path module : MODULES) {
            Path root = module.resolve("src/main/java");
            for (Path source : javaFiles(root)) {
                Path page = source.resolveSibling("package-info.java");
                String text = Files.exists(page) ? Files.readString(page) : "";
                if (!text.contains("/**") || !text.contains("@NullMarked")) {
                    wrong.add(root.relativize(source.getParent()).toString());
                }
            }
        }
        assertThat(wrong.stream().distinct())
                .as("packages without a documented, @NullMarked package-info.java")
                .isEmpty();
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path module : MODULES) {
            sources.addAll(javaFiles(module.resolve("src")));
        }
        return sources;
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    /** Collects the methods of one file that are too long; annotations count, javadoc does not. */
    private static final class MethodLengths extends TreeScanner<Void, Void> {
        private final List<String> tooLong = new ArrayList<>();
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private int methods;

        MethodLengths(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            LineMap lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, method));
            long length = lines.getLineNumber(positions.getEndPosition(unit, method)) - first + 1;
            methods++;
            if (length > METHOD_LINES) {
                tooLong.add("%s:%d %s: %d lines"
                        .formatted(Path.of(unit.getSourceFile().getName()), first, method.getName(), length));
            }
            return super.visitMethod(method, nothing);
        }
    }
}
