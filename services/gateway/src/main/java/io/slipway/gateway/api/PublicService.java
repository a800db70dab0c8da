package io.slipway.gateway.api;

import com.google.api.HttpRule;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.Set;

/**
 * A service that anyone with a key may call.
 *
 * @param methods only the public ones
 */
public record PublicService(
    ServiceDescriptor descriptor, Backend backend, List<PublicMethod> methods) {

  /**
   * A method without an HTTP rule is internal.
   *
   * @param onlyGrpc methods that are public without a rule
   */
  static PublicService of(ServiceDescriptor descriptor, Backend backend, Set<String> onlyGrpc) {
    List<PublicMethod> methods =
        descriptor.getMethods().stream()
            .map(method -> PublicMethod.of(method, backend))
            .filter(
                method -> !method.http().isEmpty() || onlyGrpc.contains(method.proto().getName()))
            .toList();
    return new PublicService(descriptor, backend, methods);
  }

  /** A service without rules of its own, whose only method gets one here. */
  static PublicService of(ServiceDescriptor descriptor, Backend backend, HttpRule rule) {
    PublicMethod method =
        PublicMethod.of(descriptor.getMethods().iterator().next(), backend).withRule(rule);
    return new PublicService(descriptor, backend, List.of(method));
  }
}
