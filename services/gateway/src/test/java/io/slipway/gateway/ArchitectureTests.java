package io.slipway.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.slipway.gateway",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

  @ArchTest
  static final ArchRule DOMAIN_IS_PLAIN_JAVA =
      noClasses()
          .that()
          .haveSimpleName("PathTemplate")
          .or()
          .haveSimpleName("RequestPath")
          .or()
          .haveSimpleName("QueryString")
          .or()
          .haveSimpleName("TrafficSplit")
          .or()
          .haveSimpleName("ApiKeySecret")
          .or()
          .haveSimpleName("KeyHash")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "com.google.protobuf..", "org.apache.kafka..", "jakarta..")
          .because("what these mean does not depend on who carries requests, rows or messages");

  @ArchTest
  static final ArchRule FEATURES_FORM_NO_CIRCLE =
      slices()
          .matching("io.slipway.gateway.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a reader goes through the packages in one direction");
}
