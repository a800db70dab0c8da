package io.slipway.finetune;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

  private final JavaClasses service =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.slipway.finetune");

  @Test
  void rulesKnowNoFramework() {
    noClasses()
        .that()
        .haveSimpleName("Recipe")
        .or()
        .haveSimpleName("ModelId")
        .or()
        .haveSimpleName("BaseModel")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..", "com.google.protobuf..", "org.apache.kafka..", "io.grpc..")
        .because("what a job may be is decided by rules that can be read and tested alone")
        .check(service);
  }

  @Test
  void messagesChangeWithoutSpring() {
    noClasses()
        .that()
        .haveSimpleName("RunRecord")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "org.apache.kafka..")
        .because("what a trainer may change is a pure function of what is recorded")
        .check(service);
  }

  @Test
  void trainersAreAnsweredWithoutTheRun() {
    classes()
        .that()
        .resideInAPackage("..finetune.training..")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage("..finetune.run..")
        .because(
            "a run and its trainer meet in the job's row alone, so that they may be in two processes")
        .check(service);
  }
}
