package io.slipway.kit.jobs;

import com.google.protobuf.Message;
import io.slipway.kit.commands.Commands;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.names.Ids;
import io.slipway.kit.telemetry.Traces;
import java.util.List;

/** Takes orders for jobs: durable before the reply, once for each request id. */
public final class JobQueue {

  private final Jobs jobs;
  private final Commands commands;
  private final Ids ids;
  private final Traces traces;
  private final List<JobRunner> runners;

  JobQueue(Jobs jobs, Commands commands, Ids ids, Traces traces, List<JobRunner> runners) {
    this.jobs = jobs;
    this.commands = commands;
    this.ids = ids;
    this.traces = traces;
    this.runners = runners;
  }

  /**
   * Queues a job for the current caller, or finds the one that this request id has made.
   *
   * @param collection {@code imports}
   * @param request the command as it was sent, for recognising its repetition
   * @param spec what the job is to do
   * @param detail what is known of it at once
   */
  public Job submit(
      String collection, String requestId, Message request, Message spec, Message detail) {
    String tenant = Caller.current().tenant();
    String name =
        commands.once(
            tenant,
            requestId,
            request,
            () -> {
              String id = ids.next();
              jobs.enqueue(
                  new NewJob(
                      id,
                      tenant,
                      collection,
                      spec.toByteString(),
                      detail.toByteString(),
                      traces.traceparent()));
              return collection + "/" + id;
            });
    runners.stream().filter(r -> r.collection().equals(collection)).forEach(JobRunner::wake);
    return jobs.get(tenant, collection, name);
  }
}
