package io.slipway.finetune.testing;

import io.grpc.stub.StreamObserver;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;

/** How stand-ins answer. */
final class Answers {

  private Answers() {}

  static <T> void answer(StreamObserver<T> responses, T response) {
    responses.onNext(response);
    responses.onCompleted();
  }

  static void refuse(StreamObserver<?> responses, SlipwayException refusal) {
    responses.onError(GrpcErrors.toException(refusal));
  }
}
