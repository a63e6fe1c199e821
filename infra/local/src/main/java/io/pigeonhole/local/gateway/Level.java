package io.pigeonhole.local.gateway;

/** What a caller has to be allowed for a route; each level includes those before it. */
public enum Level {
  /** Nothing. */
  NONE,
  /** To look. */
  READ,
  /** To put images in, and to correct. */
  WRITE,
  /** To promote and to train. */
  ADMIN
}
