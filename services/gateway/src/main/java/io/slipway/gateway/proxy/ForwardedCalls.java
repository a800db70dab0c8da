package io.slipway.gateway.proxy;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.BooleanSupplier;

/**
 * Hands a call on to another service, message by message in both directions, each no faster than
 * the other side takes it. The deadline and the cancellation travel in the gRPC context; metadata,
 * status and its details come back as they are.
 */
final class ForwardedCalls implements ServerCallHandler<byte[], byte[]> {

  private final MethodDescriptor<byte[], byte[]> method;
  private final Channel channel;

  ForwardedCalls(MethodDescriptor<byte[], byte[]> method, Channel channel) {
    this.method = method;
    this.channel = channel;
  }

  @Override
  public ServerCall.Listener<byte[]> startCall(
      ServerCall<byte[], byte[]> caller, Metadata headers) {
    ClientCall<byte[], byte[]> service = channel.newCall(method, CallOptions.DEFAULT);
    Demand requests = new Demand(caller::request);
    Demand answers = new Demand(service::request);
    service.start(
        new Answers(caller, answers, () -> requests.resume(service::isReady)),
        ForwardedHeaders.of(headers));
    requests.askForOne();
    answers.askForOne();
    return new Requests(service, requests, () -> answers.resume(caller::isReady));
  }

  /** Asks one side for the next message, as soon as the other side has room for it. */
  private static final class Demand {

    /** {@code request(int)} of one side of the call. */
    @FunctionalInterface
    interface Source {
      void request(int messages);
    }

    private final Source source;
    private boolean held;

    Demand(Source source) {
      this.source = source;
    }

    void askForOne() {
      source.request(1);
    }

    /**
     * A message has been passed on; the next is asked for now or when there is room. Looked up
     * under the lock, or the news of room could pass by between the look and the note.
     */
    synchronized void next(BooleanSupplier room) {
      if (room.getAsBoolean()) {
        source.request(1);
      } else {
        held = true;
      }
    }

    synchronized void resume(BooleanSupplier room) {
      if (held && room.getAsBoolean()) {
        held = false;
        source.request(1);
      }
    }
  }

  /** From the caller to the service. */
  private static final class Requests extends ServerCall.Listener<byte[]> {
    private final ClientCall<byte[], byte[]> service;
    private final Demand demand;
    private final Runnable callerHasRoom;

    Requests(ClientCall<byte[], byte[]> service, Demand demand, Runnable callerHasRoom) {
      this.service = service;
      this.demand = demand;
      this.callerHasRoom = callerHasRoom;
    }

    @Override
    public void onMessage(byte[] message) {
      service.sendMessage(message);
      demand.next(service::isReady);
    }

    @Override
    public void onHalfClose() {
      service.halfClose();
    }

    @Override
    public void onCancel() {
      service.cancel("The caller has cancelled the call.", null);
    }

    @Override
    public void onReady() {
      callerHasRoom.run();
    }
  }

  /** From the service to the caller. */
  private static final class Answers extends ClientCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> caller;
    private final Demand demand;
    private final Runnable serviceHasRoom;

    Answers(ServerCall<byte[], byte[]> caller, Demand demand, Runnable serviceHasRoom) {
      this.caller = caller;
      this.demand = demand;
      this.serviceHasRoom = serviceHasRoom;
    }

    @Override
    public void onHeaders(Metadata headers) {
      caller.sendHeaders(headers);
    }

    @Override
    public void onMessage(byte[] message) {
      caller.sendMessage(message);
      demand.next(caller::isReady);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      caller.close(status, trailers);
    }

    @Override
    public void onReady() {
      serviceHasRoom.run();
    }
  }
}
