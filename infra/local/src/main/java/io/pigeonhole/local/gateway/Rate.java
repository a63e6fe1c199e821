package io.pigeonhole.local.gateway;

/**
 * How often a route may be asked.
 *
 * @param perSecond requests a second in the long run; 0 for as many as come
 * @param burst requests at once
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html">Throttling
 *     of HTTP APIs</a>
 */
public record Rate(int perSecond, int burst) {
  /** As often as anybody likes. */
  public static final Rate UNLIMITED = new Rate(0, 0);
}
