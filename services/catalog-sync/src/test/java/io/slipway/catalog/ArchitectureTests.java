package io.slipway.catalog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.slipway.catalog", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

  @ArchTest
  static final ArchRule whatAListingSaysIsReadByPlainJava =
      noClasses()
          .that()
          .haveSimpleName("CatalogEntry")
          .or()
          .haveSimpleName("ListedModels")
          .or()
          .haveSimpleName("SearchWords")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..",
              "com.google.protobuf..",
              "io.grpc..",
              "org.apache.kafka..",
              "io.slipway.catalog.v1..")
          .because("a verdict is the same for whoever asks, and by whatever way");

  @ArchTest
  static final ArchRule modelsDoNotKnowHowTheyAreSynced =
      noClasses()
          .that()
          .resideInAPackage("..catalog.model..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..catalog.sync..")
          .because("the catalogue answers questions whether or not a sync runs");
}
