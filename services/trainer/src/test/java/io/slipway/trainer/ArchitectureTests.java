package io.slipway.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

  private final JavaClasses trainer =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.slipway.trainer");

  @Test
  void rulesKnowNoFramework() {
    noClasses()
        .that()
        .haveSimpleName("ValidationSchedule")
        .or()
        .haveSimpleName("ProgressMeter")
        .or()
        .haveSimpleName("RunId")
        .or()
        .haveSimpleName("StopSignal")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "com.google.protobuf..", "io.grpc..")
        .because(
            "when a run validates, reports and stops is decided by rules that can be tested alone")
        .check(trainer);
  }

  @Test
  void onlyComputeThreadsCallIntoLibtorch() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..")
        .because("native work goes through the device's one executor, in the library")
        .check(trainer);
  }

  @Test
  void runsDoNotKnowWhoControlsThem() {
    noClasses()
        .that()
        .resideInAPackage("..trainer.run..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..trainer.control..")
        .because("a run is told to stop by a signal, whoever gives it")
        .check(trainer);
  }
}
