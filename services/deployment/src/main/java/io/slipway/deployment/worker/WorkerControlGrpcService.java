package io.slipway.deployment.worker;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.v1.WorkerControlServiceGrpc.WorkerControlServiceImplBase;
import io.slipway.deployment.v1.WorkerDirective;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.v1.WorkerReport;
import io.slipway.deployment.v1.WorkerReport.Hello;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.grpc.server.service.GrpcService;

/** The workers' control streams. An instance that does not lead refuses them. */
@GrpcService
class WorkerControlGrpcService extends WorkerControlServiceImplBase {

  private final Workers workers;
  private final BooleanSupplier leads;

  WorkerControlGrpcService(Workers workers, @Qualifier("leads") BooleanSupplier leads) {
    this.workers = workers;
    this.leads = leads;
  }

  @Override
  public StreamObserver<WorkerReport> connect(StreamObserver<WorkerDirective> directives) {
    Stream stream = new Stream((ServerCallStreamObserver<WorkerDirective>) directives);
    stream.directives.setOnCancelHandler(stream::detach);
    return stream;
  }

  private final class Stream implements StreamObserver<WorkerReport> {
    private final ServerCallStreamObserver<WorkerDirective> directives;
    private @Nullable ConnectedWorker worker;
    private boolean refused;

    Stream(ServerCallStreamObserver<WorkerDirective> directives) {
      this.directives = directives;
    }

    @Override
    public void onNext(WorkerReport report) {
      switch (report.getReportCase()) {
        case HELLO -> hello(report.getHello());
        case STATE -> {
          if (worker == null) {
            refuse(SlipwayException.invalid("A worker's first message must be its hello."));
          } else if (worker.report(directives, report.getState())) {
            workers.changed();
          }
        }
        case REPORT_NOT_SET -> {
          // A report of a later version.
        }
      }
    }

    private void hello(Hello hello) {
      if (!leads.getAsBoolean()) {
        refuse(
            new SlipwayException(
                ErrorCode.UNAVAILABLE,
                "This instance of the deployment service is a standby; connect again."));
      } else if (hello.getWorkerId().isEmpty()
          || hello.getKind() == WorkerKind.WORKER_KIND_UNSPECIFIED) {
        refuse(
            SlipwayException.invalid(
                "A worker's hello needs worker_id and kind; it has \"%s\" and %s."
                    .formatted(hello.getWorkerId(), hello.getKind())));
      } else if (worker == null) {
        worker = workers.connect(hello, directives);
      }
    }

    private void refuse(SlipwayException refusal) {
      if (!refused) {
        refused = true;
        directives.onError(GrpcErrors.toException(refusal));
      }
    }

    @Override
    public void onError(Throwable broken) {
      detach();
    }

    @Override
    public void onCompleted() {
      boolean attached = detach();
      if (attached || (worker == null && !refused)) {
        directives.onCompleted();
      }
    }

    private boolean detach() {
      boolean attached = worker != null && worker.detach(directives);
      if (attached) {
        workers.changed();
      }
      return attached;
    }
  }
}
