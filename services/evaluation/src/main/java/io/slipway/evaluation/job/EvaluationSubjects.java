package io.slipway.evaluation.job;

import io.slipway.evaluation.v1.Evaluation;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.Jobs;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which evaluations measure a model version. */
@Component
class EvaluationSubjects {

  private final JdbcClient db;
  private final Jobs jobs;

  EvaluationSubjects(JdbcClient db, Jobs jobs) {
    this.db = db;
    this.jobs = jobs;
  }

  /**
   * Notes what a job is about. Called before the order is answered; an order that was never
   * answered is sent again.
   */
  void add(Job job) {
    db.sql(
            """
            insert into evaluation_subject (job_id, tenant, model_version) values (?, ?, ?)
            on conflict do nothing""")
        .params(job.id(), job.tenant(), job.spec(Evaluation.parser()).getModelVersion())
        .update();
  }

  /** Newest first. */
  Page<Job> list(String tenant, String modelVersion, PageRequest page) {
    Page<String> ids =
        page.page(
            db.sql(
                    """
                    select job_id from evaluation_subject
                    where tenant = ? and model_version = ? and (? = '' or job_id < ?)
                    order by job_id desc limit ?""")
                .params(tenant, modelVersion, page.after(), page.after(), page.limit())
                .query(String.class)
                .list(),
            id -> id);
    return ids.map(
        id ->
            jobs.get(
                tenant,
                EvaluationGrpcService.COLLECTION,
                EvaluationGrpcService.COLLECTION + "/" + id));
  }
}
