package io.pigeonhole.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The objects of a models bucket. ETags are opaque and change with the content. Every method throws
 * {@link IOException}, naming the object, when the store does not answer as it should.
 */
public interface ModelStore {

  /** A small object, whole; refuses to read one of more than 16 MiB. */
  Fetched get(String key) throws IOException;

  /** Like {@link #get}, unless the object still has this ETag. */
  Fetched getIfChanged(String key, String etag) throws IOException;

  /**
   * An object of any size, to be closed by the caller.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  InputStream open(String key) throws IOException;

  void put(String key, Path file) throws IOException;

  /**
   * Writes an object only if it is what the writer has seen.
   *
   * @param etag the ETag that the object must have; empty: it must not exist
   * @return false if somebody else wrote in between: nothing was written
   */
  boolean putIfMatch(String key, byte[] bytes, Optional<String> etag) throws IOException;

  /** Deletes an object; there need be none. */
  void delete(String key) throws IOException;

  /** The keys that begin with this prefix, in order. */
  List<String> list(String prefix) throws IOException;

  /** What came of asking for an object. */
  sealed interface Fetched {
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Found(byte[] bytes, String etag) implements Fetched {}

    record Unchanged() implements Fetched {}

    record Missing() implements Fetched {}
  }
}
