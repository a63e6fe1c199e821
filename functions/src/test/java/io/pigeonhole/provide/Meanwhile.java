package io.pigeonhole.provide;

import io.pigeonhole.model.ModelStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A models bucket to which something happens right before its pointer is first written. */
final class Meanwhile implements ModelStore {
  private final ModelStore store;
  private final Happening happening;

  Meanwhile(ModelStore store, Happening happening) {
    this.store = store;
    this.happening = happening;
  }

  /** What happens. */
  @FunctionalInterface
  interface Happening {
    void happen() throws IOException;
  }

  @Override
  public boolean putIfMatch(String key, byte[] bytes, Optional<String> etag) throws IOException {
    if (key.endsWith("/current.json")) {
      happening.happen();
    }
    return store.putIfMatch(key, bytes, etag);
  }

  @Override
  public Fetched get(String key) throws IOException {
    return store.get(key);
  }

  @Override
  public Fetched getIfChanged(String key, String etag) throws IOException {
    return store.getIfChanged(key, etag);
  }

  @Override
  public InputStream open(String key) throws IOException {
    return store.open(key);
  }

  @Override
  public void put(String key, Path file) throws IOException {
    store.put(key, file);
  }

  @Override
  public void delete(String key) throws IOException {
    store.delete(key);
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    return store.list(prefix);
  }
}
