package io.slipway.deployment.endpoint;

import io.slipway.kit.errors.SlipwayException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How an endpoint's requests are shared out.
 *
 * @param percents by deployment; they add up to 100
 */
record Traffic(Map<String, Integer> percents) {

  /** A part of the traffic. */
  record Share(String deployment, int percent) {}

  /**
   * @param known the endpoint's deployments that may get traffic
   * @throws SlipwayException INVALID_ARGUMENT
   */
  static Traffic of(List<Share> shares, Set<String> known) {
    Map<String, Integer> percents = new LinkedHashMap<>();
    for (Share share : shares) {
      if (!known.contains(share.deployment())) {
        throw SlipwayException.invalid(
            "\"%s\" is not one of this endpoint's deployments, which are %s."
                .formatted(share.deployment(), known));
      }
      if (share.percent() < 0 || share.percent() > 100) {
        throw SlipwayException.invalid(
            "%s would get %d percent; 0 to 100 are possible."
                .formatted(share.deployment(), share.percent()));
      }
      if (percents.put(share.deployment(), share.percent()) != null) {
        throw SlipwayException.invalid(share.deployment() + " is named twice.");
      }
    }
    int sum = percents.values().stream().mapToInt(Integer::intValue).sum();
    if (sum != 100) {
      throw SlipwayException.invalid("The percentages add up to " + sum + ", expected 100.");
    }
    return new Traffic(percents);
  }
}
