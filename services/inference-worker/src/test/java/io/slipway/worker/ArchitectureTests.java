package io.slipway.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.slipway.worker",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

  @ArchTest
  static final ArchRule batchingKnowsNoFramework =
      noClasses()
          .that()
          .resideInAPackage("..worker.batch..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework..", "com.google.protobuf..", "io.grpc..")
          .because("what goes together in a batch must be testable without a server");

  @ArchTest
  static final ArchRule onlyTheLibraryCallsLibtorch =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..")
          .because("native work belongs to the device's one compute thread, in libs/models");
}
