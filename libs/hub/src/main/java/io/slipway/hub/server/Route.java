package io.slipway.hub.server;

import java.util.Optional;

/** Answers one family of requests. */
interface Route {

  /**
   * The answer, or empty when the request is another route's.
   *
   * @throws io.slipway.hub.HubException what is not there or not allowed
   * @throws BadRequestException what the request gets wrong
   */
  Optional<HubResponse> answer(HubRequest request);
}
