package dev.tessera;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tessera.architecture.StaticState;
import dev.tessera.architecture.TypeNames;

/** Who may import whom on the driver's side, and where Spark may be seen. */
@AnalyzeClasses(
        packages = "dev.tessera",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
    /** gpu-runtime's test fixtures are on this module's class path, from a folder or from a jar. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    /** The words of the plan that the graph speaks too: functions, reductions, fused programs, scopes, equalities of dims. */
    private static final DescribedPredicate<JavaClass> VOCABULARY = nameMatching(
                    "dev\\.tessera\\.plan\\.((ScalarOp|ReduceOp|RowProgram|Scope)(\\$.*)?|ExecutionPlan\\$DimEquality)")
            .as("ScalarOp, ReduceOp, RowProgram, Scope, DimEquality")
            .forSubtype();

    /** How dims, tensors and row programs are written and read, which saved graphs share with plans. */
    private static final DescribedPredicate<JavaClass> WIRE = nameMatching(
                    "dev\\.tessera\\.plan\\.(Wire(In|Out)put|(Dim|Tensor)Serializer|RowProgram(Reader|Writer)|Plan(FormatException|Check))(\\$.*)?")
            .as("the wire format of dims, tensors and row programs")
            .forSubtype();

    @ArchTest
    static final ArchRule arrowsPointDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.tessera..")
            .withOptionalLayers(true)
            .layer("tensor")
            .definedBy("dev.tessera.tensor..")
            .layer("vocabulary")
            .definedBy(VOCABULARY)
            .layer("plan")
            .definedBy(resideInAPackage("dev.tessera.plan..")
                    .and(DescribedPredicate.not(VOCABULARY))
                    .and(DescribedPredicate.not(WIRE)))
            .layer("wire")
            .definedBy(WIRE)
            .layer("runtime")
            .definedBy("dev.tessera.runtime..")
            .layer("backends")
            .definedBy("dev.tessera.cpu..", "dev.tessera.codegen..", "dev.tessera.cuda..")
            .layer("expr")
            .definedBy("dev.tessera.expr..")
            .layer("text")
            .definedBy("dev.tessera.text..")
            .layer("grad")
            .definedBy("dev.tessera.grad..")
            .layer("eval")
            .definedBy("dev.tessera.eval..")
            .layer("rewrite")
            .definedBy("dev.tessera.rewrite..")
            .layer("compile")
            .definedBy("dev.tessera.compile..")
            .layer("report")
            .definedBy("dev.tessera.report..")
            .layer("plugin")
            .definedBy("dev.tessera.plugin..")
            .layer("catalyst")
            .definedBy("dev.tessera.catalyst..")
            .layer("api")
            .definedBy("dev.tessera")
            .whereLayer("expr")
            .mayOnlyAccessLayers("tensor", "vocabulary")
            .whereLayer("text")
            .mayOnlyAccessLayers("expr", "wire", "tensor", "vocabulary")
            .whereLayer("grad")
            .mayOnlyAccessLayers("expr", "tensor", "vocabulary")
            .whereLayer("eval")
            .mayOnlyAccessLayers("expr", "tensor", "vocabulary")
            .whereLayer("rewrite")
            .mayOnlyAccessLayers("expr", "eval", "tensor", "vocabulary")
            .whereLayer("compile")
            .mayOnlyAccessLayers("rewrite", "expr", "eval", "plan", "wire", "tensor", "vocabulary")
            .whereLayer("report")
            .mayOnlyAccessLayers("expr", "plan", "wire", "tensor", "vocabulary")
            .whereLayer("plugin")
            .mayOnlyAccessLayers("runtime", "plan", "wire", "tensor", "vocabulary")
            .whereLayer("catalyst")
            .mayOnlyAccessLayers(
                    "compile",
                    "plugin",
                    "text",
                    "rewrite",
                    "expr",
                    "eval",
                    "runtime",
                    "plan",
                    "wire",
                    "tensor",
                    "vocabulary")
            .whereLayer("api")
            .mayNotBeAccessedByAnyLayer()
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("dev.tessera.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheEdgeKnowsSpark = noClasses()
            .that()
            .resideOutsideOfPackages("dev.tessera", "dev.tessera.catalyst..", "dev.tessera.plugin..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "scala..");

    @ArchTest
    static final ArchRule nobodyLinksToMllib = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark.ml..", "org.apache.spark.mllib..");

    /** Spark gives a task no handle to a plugin instance: one named class keeps the runtime of the JVM. */
    @ArchTest
    static final ArchRule staticFieldsAreFinal = fields().that()
            .areStatic()
            .and()
            .areNotDeclaredIn("dev.tessera.plugin.RuntimeHolder")
            .should()
            .beFinal()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule staticFieldsHoldNoMutableState = fields().that()
            .areStatic()
            .and()
            .areNotDeclaredIn("dev.tessera.plugin.RuntimeHolder")
            .should()
            .notHaveRawType(StaticState.MUTABLE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule typeNamesSayWhatTheyAre =
            noClasses().should().haveNameMatching(TypeNames.EMPTY_WORDS).allowEmptyShould(true);
}
