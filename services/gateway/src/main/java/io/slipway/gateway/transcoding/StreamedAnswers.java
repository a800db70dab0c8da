package io.slipway.gateway.transcoding;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.slipway.gateway.GatewayProperties;
import io.slipway.gateway.api.Backend;
import io.slipway.gateway.errors.ErrorAnswer;
import io.slipway.gateway.errors.Problem;
import io.slipway.gateway.rest.RestCall;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Hands the messages of a streaming method to its HTTP client as they come. A client that goes away
 * ends the call, at the latest when the next heartbeat cannot be sent; so does a gateway that
 * stops.
 */
@Component
class StreamedAnswers implements SmartLifecycle {

  private final GatewayProperties properties;
  private final ErrorAnswer errors;
  private final Set<BlockingClientCall<?, ?>> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  StreamedAnswers(GatewayProperties properties, ErrorAnswer errors) {
    this.properties = properties;
    this.errors = errors;
  }

  /**
   * Blocks until the stream has ended. An error before the first message is an ordinary answer, a
   * later one the stream's last event.
   */
  void stream(
      Backend.Remote remote,
      MethodDescriptor<Message, Message> method,
      Message request,
      RestCall call)
      throws IOException {
    BlockingClientCall<Message, Message> messages =
        ClientCalls.blockingV2ServerStreamingCall(
            remote.channel(), method, CallOptions.DEFAULT, request);
    open.add(messages);
    try {
      copy(messages, remote, EventStream.askedFor(call), call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorCode.CANCELLED, "The gateway is stopping.", e);
    } finally {
      open.remove(messages);
      messages.cancel("The client has gone, or has got everything.", null);
    }
  }

  private void copy(
      BlockingClientCall<Message, Message> messages,
      Backend.Remote remote,
      EventStream out,
      RestCall call)
      throws IOException, InterruptedException {
    try {
      while (true) {
        try {
          Message message = messages.read(properties.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
          if (message == null) {
            out.begin();
            return;
          }
          out.message(MessageJson.print(message));
        } catch (TimeoutException silence) {
          out.heartbeat();
        }
      }
    } catch (StatusException failure) {
      SlipwayException error =
          running
              ? Problem.ofCall(failure, remote.name())
              : new SlipwayException(ErrorCode.UNAVAILABLE, "The gateway is stopping.", failure);
      if (!out.hasBegun()) {
        throw error;
      }
      out.failed(errors.asJson(call.request(), call.response(), error));
    }
  }

  @Override
  public void start() {
    running = true;
  }

  /** Ends the streams, which would otherwise hold up the web server's graceful stop. */
  @Override
  public void stop() {
    running = false;
    open.forEach(call -> call.cancel("The gateway is stopping.", null));
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
