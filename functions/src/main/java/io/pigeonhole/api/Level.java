package io.pigeonhole.api;

import java.util.Locale;

/** What somebody has to be allowed for an operation; each level includes those before it. */
public enum Level {
  /** Nothing: the files of the page, and where to sign in. */
  NONE,
  /** To classify, and to see what there is. */
  READ,
  /** To put images in, and to say what they are. */
  WRITE,
  /** To put models into service, and to train them. */
  ADMIN;

  /** As settings and documents have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
