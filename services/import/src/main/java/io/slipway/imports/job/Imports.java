package io.slipway.imports.job;

import io.slipway.imports.v1.Import;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobState;
import io.slipway.kit.jobs.JobStatuses;
import io.slipway.registry.VersionName;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Jobs as imports, and the table {@code import_result}. */
@Repository
class Imports {

  static final String COLLECTION = "imports";

  private final JdbcClient db;

  Imports(JdbcClient db) {
    this.db = db;
  }

  Import of(Job job) {
    Import.Builder answer =
        job.detail(Import.parser()).toBuilder().setName(job.name()).setStatus(JobStatuses.of(job));
    if (job.state() instanceof JobState.Succeeded) {
      answer.setModelVersion(result(job));
    }
    return answer.build();
  }

  private String result(Job job) {
    return db.sql("select model_version from import_result where tenant = ? and import_name = ?")
        .params(job.tenant(), job.name())
        .query(String.class)
        .single();
  }

  /** Runs in the transaction in which the import succeeds. */
  void addResult(Job job, VersionName version) {
    db.sql("insert into import_result (tenant, import_name, model_version) values (?, ?, ?)")
        .params(job.tenant(), job.name(), version.toString())
        .update();
  }
}
