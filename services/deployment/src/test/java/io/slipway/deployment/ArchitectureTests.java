package io.slipway.deployment;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.slipway.deployment",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

  @ArchTest
  static final ArchRule placementIsPure =
      noClasses()
          .that()
          .resideInAPackage("..deployment.placement..")
          .or()
          .haveSimpleName("Traffic")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "com.google.protobuf..", "org.apache.kafka..", "io.grpc..")
          .because("who gets what must be decided, and tested, without any of them");

  @ArchTest
  static final ArchRule onlyTheControlPackageDecides =
      noClasses()
          .that()
          .resideOutsideOfPackage("..deployment.control..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..deployment.control..")
          .because("everything else is told what to do by the loop, never the other way round");
}
