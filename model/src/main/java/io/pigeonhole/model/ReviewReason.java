package io.pigeonhole.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a person should look at an image. */
public enum ReviewReason {
  /** No class is likely enough: the likeliest is a suggestion. */
  UNSURE,

  /** It is unlike anything that was learned: it is in no pigeonhole, whatever the likeliest is. */
  UNKNOWN;

  /** As results have it. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reason with this code; empty if there is none. */
  public static Optional<ReviewReason> of(String code) {
    return Arrays.stream(values()).filter(reason -> reason.code().equals(code)).findFirst();
  }
}
