package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Says what images are. */
public interface Labeler extends AutoCloseable {
  /**
   * The answer, as {@code POST /classify} gives it.
   *
   * @throws IOException if the image has none; the message says why
   */
  JsonNode label(LocalFile image) throws IOException, InterruptedException;

  @Override
  default void close() {}
}
