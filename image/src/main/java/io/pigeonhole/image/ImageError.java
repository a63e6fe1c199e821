package io.pigeonhole.image;

import java.util.Locale;

/** Why bytes have no label: for good, however often they are tried. */
public enum ImageError {
  NOT_AN_IMAGE,
  /** An image, of a format that is not decoded. */
  UNSUPPORTED_FORMAT,
  CORRUPT,
  TOO_LARGE,
  TOO_MANY_PIXELS,
  EMPTY;

  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** As results and problem details name it, like {@code not-an-image}. */
  public String code() {
    return code;
  }
}
