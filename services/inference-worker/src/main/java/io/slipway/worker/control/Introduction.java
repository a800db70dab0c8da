package io.slipway.worker.control;

import com.sun.management.OperatingSystemMXBean;
import io.slipway.common.v1.Device;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.v1.WorkerReport.Hello;
import io.slipway.kit.names.Ids;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.worker.WorkerProperties;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.stereotype.Component;

/** Who this worker is. */
@Component
class Introduction {

  private final String workerId;
  private final WorkerProperties properties;

  Introduction(Ids ids, WorkerProperties properties) {
    this.workerId = ids.next();
    this.properties = properties;
  }

  /**
   * @param port of the gRPC server
   */
  Hello hello(int port) {
    return Hello.newBuilder()
        .setWorkerId(workerId)
        .setKind(WorkerKind.WORKER_KIND_INFERENCE)
        .setAddress(address(port))
        .setDevice(
            ComputeDevice.parse(properties.device()).kind() == ComputeDevice.Kind.CUDA
                ? Device.DEVICE_CUDA
                : Device.DEVICE_CPU)
        .setMemoryBytes(memory())
        .setLaunchId(properties.launchId())
        .build();
  }

  private String address(int port) {
    String advertised = properties.advertisedAddress();
    if (advertised.isEmpty()) {
      return hostName() + ":" + port;
    }
    return advertised.contains(":") ? advertised : advertised + ":" + port;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(
          "This machine's name does not resolve; set slipway.worker.advertised-address.", e);
    }
  }

  private long memory() {
    if (properties.memory().toBytes() > 0) {
      return properties.memory().toBytes();
    }
    long total =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return Math.max(0, total - Runtime.getRuntime().maxMemory());
  }
}
