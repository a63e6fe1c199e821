package io.pigeonhole.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * A version of a model, {@code yyyyMMdd'T'HHmmss'Z'-<first 8 hex digits of the SavedModel's
 * SHA-256>}: the order of the text is the order of time.
 */
public record ModelVersion(@JsonValue String value) implements Comparable<ModelVersion> {
  private static final Pattern FORM = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{8}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /**
   * Reads a version.
   *
   * @throws IllegalArgumentException if the text has not the form above
   */
  public ModelVersion {
    Field.require(FORM.matcher(value).matches(), "version", value, "must match " + FORM);
  }

  /**
   * The version of a SavedModel.
   *
   * @param createdAt cut to the second
   * @param savedModelSha256 hexadecimal SHA-256 of {@code saved_model.pb}
   */
  public static ModelVersion of(Instant createdAt, String savedModelSha256) {
    return new ModelVersion(TIME.format(createdAt) + "-" + savedModelSha256.substring(0, 8));
  }

  /** The first 8 hexadecimal digits of the SavedModel's SHA-256. */
  String hash() {
    return value.substring(value.length() - 8);
  }

  @Override
  public int compareTo(ModelVersion other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
