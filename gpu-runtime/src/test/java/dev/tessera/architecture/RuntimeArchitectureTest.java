package dev.tessera.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import whom on the executor's side. */
@AnalyzeClasses(packages = "dev.tessera", importOptions = ImportOption.DoNotIncludeTests.class)
class RuntimeArchitectureTest {
    @ArchTest
    static final ArchRule arrowsPointDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.tessera..")
            .withOptionalLayers(true)
            .layer("tensor")
            .definedBy("dev.tessera.tensor..")
            .layer("plan")
            .definedBy("dev.tessera.plan..")
            .layer("codegen")
            .definedBy("dev.tessera.codegen..")
            .layer("runtime")
            .definedBy("dev.tessera.runtime..")
            .layer("cpu")
            .definedBy("dev.tessera.cpu..")
            .layer("cuda")
            .definedBy("dev.tessera.cuda..")
            .whereLayer("tensor")
            .mayNotAccessAnyLayer()
            .whereLayer("plan")
            .mayOnlyAccessLayers("tensor")
            .whereLayer("codegen")
            .mayOnlyAccessLayers("plan", "tensor")
            .whereLayer("runtime")
            .mayOnlyAccessLayers("plan", "tensor")
            .whereLayer("cpu")
            .mayOnlyAccessLayers("runtime", "plan", "tensor")
            .whereLayer("cuda")
            .mayOnlyAccessLayers("runtime", "codegen", "plan", "tensor")
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("dev.tessera.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobodyKnowsSparkOrScala =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("org.apache.spark..", "scala..");

    @ArchTest
    static final ArchRule onlyTheCpuBackendKnowsJavaCpp = noClasses()
            .that()
            .resideOutsideOfPackage("..cpu..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule onlyTheDriverPackageKnowsJcuda = noClasses()
            .that()
            .resideOutsideOfPackage("..cuda.driver..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jcuda..");

    @ArchTest
    static final ArchRule staticFieldsAreFinal =
            fields().that().areStatic().should().beFinal().allowEmptyShould(true);

    @ArchTest
    static final ArchRule staticFieldsHoldNoMutableState = fields().that()
            .areStatic()
            .should()
            .notHaveRawType(StaticState.MUTABLE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule typeNamesSayWhatTheyAre =
            noClasses().should().haveNameMatching(TypeNames.EMPTY_WORDS).allowEmptyShould(true);
}
