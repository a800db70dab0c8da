package io.slipway.gateway.proxy;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyServerBuilder;
import io.slipway.gateway.api.Backend;
import io.slipway.gateway.api.PublicApi;
import io.slipway.gateway.api.PublicMethod;
import io.slipway.gateway.api.PublicService;
import io.slipway.gateway.keys.ApiKeyServerInterceptor;
import java.util.List;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.stereotype.Component;

/**
 * What the public gRPC port has beside the gateway's own services: the public methods of the
 * others, handed on. Anything else is UNIMPLEMENTED, because the server does not know it.
 */
@Component
class PublicGrpcPort implements ServerBuilderCustomizer<NettyServerBuilder> {

  private final PublicApi api;
  private final ApiKeyServerInterceptor keys;

  PublicGrpcPort(PublicApi api, ApiKeyServerInterceptor keys) {
    this.api = api;
    this.keys = keys;
  }

  @Override
  public void customize(NettyServerBuilder server) {
    server.intercept(keys);
    for (PublicService service : api.services()) {
      if (service.backend() instanceof Backend.Remote remote) {
        server.addService(forwarded(service, remote));
      }
    }
  }

  private static ServerServiceDefinition forwarded(PublicService service, Backend.Remote remote) {
    List<MethodDescriptor<byte[], byte[]>> methods =
        service.methods().stream().map(PublicMethod::grpc).map(Bytes::method).toList();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.descriptor().getName());
    Object schema = service.descriptor().getSchemaDescriptor();
    if (schema != null) {
      // For reflection.
      descriptor.setSchemaDescriptor(schema);
    }
    methods.forEach(descriptor::addMethod);
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(
        method -> definition.addMethod(method, new ForwardedCalls(method, remote.channel())));
    return definition.build();
  }
}
