package io.slipway.imports;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = {"io.slipway.imports", "io.slipway.registry"},
    importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

  @ArchTest
  static final ArchRule decisionsArePlainJava =
      noClasses()
          .that()
          .haveNameMatching(
              ".*\\.(FileSelection|FetchProgress|ModelId|VersionName|VersionOrigin|NewVersion|Relation|Candidate)")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..",
              "com.google.protobuf..",
              "io.grpc..",
              "org.apache.kafka..",
              "io.slipway..v1..")
          .because("what is taken, and what a version is called, is decided without a platform");

  @ArchTest
  static final ArchRule theRegistryDoesNotKnowTheImports =
      noClasses()
          .that()
          .resideInAPackage("io.slipway.registry..")
          .and()
          .resideOutsideOfPackage("io.slipway.registry.v1..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.slipway.imports..")
          .because("imports fill the registry, and other sources of versions may come");

  @ArchTest
  static final ArchRule onlyTheJobPutsTheStepsTogether =
      classes()
          .that()
          .resideInAPackage("io.slipway.imports.job..")
          .should()
          .onlyBeAccessed()
          .byAnyPackage("io.slipway.imports.job..")
          .because("fetching and smoke runs are means of the job");
}
