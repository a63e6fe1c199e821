package io.pigeonhole.trainer.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * What a models bucket knows of a base: {@code bases/NAME/base.json}.
 *
 * @param name lower-case letters, digits, {@code . _ -}
 * @param source where it came from, for people
 * @param licence of its weights, for people; empty if nobody said
 * @param size side of the images that it is meant for
 * @param features how many it gives
 * @param bytes of {@code saved_model.pb}
 * @param sha256 of {@code saved_model.pb}, lower-case hex
 */
public record BaseRecord(
    String name, String source, String licence, int size, int features, long bytes, String sha256) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * Reads a record.
   *
   * @param key of the object, for messages
   * @throws IOException if it is none
   */
  static BaseRecord parse(byte[] json, String key) throws IOException {
    try {
      return JSON.readValue(json, BaseRecord.class);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s is no record of a base: %s".formatted(key, e.getOriginalMessage()), e);
    }
  }

  byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of plain values cannot fail to serialize", e);
    }
  }
}
