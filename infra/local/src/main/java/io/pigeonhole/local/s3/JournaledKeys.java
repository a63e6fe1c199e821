package io.pigeonhole.local.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys of a bucket and the names of their folders. Each change is a line at the end of a file,
 * so that it costs the same however many keys there are; with the keys that were known when the
 * file was begun, the lines give the keys that there are now.
 */
final class JournaledKeys extends AbstractMap<String, UUID> {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, UUID> keys;
  private final Path journal;

  /**
   * Goes on from where the journal ends.
   *
   * @param known the keys before the first line of the journal
   * @param journal is created with the first change
   */
  JournaledKeys(Map<String, UUID> known, Path journal) throws IOException {
    this.keys = new ConcurrentSkipListMap<>(known);
    this.journal = journal;
    if (Files.exists(journal)) {
      replay(Files.readAllLines(journal, StandardCharsets.UTF_8));
    }
  }

  private void replay(List<String> lines) {
    for (String line : lines) {
      try {
        JsonNode change = JSON.readTree(line);
        String key = change.path("key").asString();
        if (change.has("id")) {
          keys.put(key, UUID.fromString(change.path("id").asString()));
        } else {
          keys.remove(key);
        }
      } catch (JacksonException e) {
        // the process was killed while it wrote this one: nobody was told that it is done
      }
    }
  }

  @Override
  public UUID get(Object key) {
    return keys.get(key);
  }

  @Override
  public boolean containsKey(Object key) {
    return keys.containsKey(key);
  }

  @Override
  public UUID put(String key, UUID id) {
    append(JSON.createObjectNode().put("key", key).put("id", id.toString()));
    return keys.put(key, id);
  }

  @Override
  public UUID remove(Object key) {
    append(JSON.createObjectNode().put("key", (String) key));
    return keys.remove(key);
  }

  @Override
  public int size() {
    return keys.size();
  }

  @Override
  public Set<Map.Entry<String, UUID>> entrySet() {
    return Collections.unmodifiableSet(keys.entrySet());
  }

  private void append(ObjectNode change) {
    try {
      // a line of its own even after one that was cut off
      Files.writeString(
          journal, "\n" + change, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + journal + ": " + e.getMessage(), e);
    }
  }
}
