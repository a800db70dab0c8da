package io.slipway.evaluation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.slipway.evaluation", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

  @ArchTest
  static final ArchRule metricsArePlainJava =
      noClasses()
          .that()
          .resideInAPackage("..evaluation.metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..",
              "com.google.protobuf..",
              "io.grpc..",
              "org.apache.kafka..",
              "io.slipway.evaluation.v1..",
              "io.slipway.kit..")
          .because("a number that decides about a model is checked by hand, without a platform");

  @ArchTest
  static final ArchRule dataAndModelDoNotKnowTheJob =
      noClasses()
          .that()
          .resideInAnyPackage("..evaluation.data..", "..evaluation.model..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..evaluation.job..")
          .because("the job uses its means, and not the other way round");
}
