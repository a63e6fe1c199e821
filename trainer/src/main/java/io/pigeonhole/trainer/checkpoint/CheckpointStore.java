package io.pigeonhole.trainer.checkpoint;

import io.pigeonhole.model.ModelStore;
import io.pigeonhole.trainer.training.Checkpoint;
import io.pigeonhole.trainer.training.Checkpoints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The checkpoints of one run: {@code checkpoints/<model>/<run>/<step>.safetensors} in each of some
 * stores. A store that fails costs no more than a warning, as long as the process lives: what it
 * does not take, the others have, and it is tried again at the next checkpoint. One that cannot be
 * read gives way to the one before it.
 */
public final class CheckpointStore implements Checkpoints {

  private static final String SUFFIX = ".safetensors";

  /** The last, and the one before it, should the last turn out to be damaged. */
  private static final int KEPT = 2;

  private final List<ModelStore> stores;
  private final String prefix;
  private final Consumer<String> warnings;

  /**
   * The checkpoints of a run.
   *
   * @param stores to keep each checkpoint in; none for none
   * @param model its name
   * @param run its id
   * @param warnings told when a checkpoint cannot be kept or read
   */
  public CheckpointStore(
      List<ModelStore> stores, String model, RunId run, Consumer<String> warnings) {
    this.stores = List.copyOf(stores);
    this.prefix = "checkpoints/" + model + "/" + run.value() + "/";
    this.warnings = warnings;
  }

  private record Found(ModelStore store, String key) {}

  @Override
  public Optional<Checkpoint> latest() {
    List<Found> found = new ArrayList<>();
    for (ModelStore store : stores) {
      keys(store).forEach(key -> found.add(new Found(store, key)));
    }
    found.sort(Comparator.comparing(Found::key).reversed());
    for (Found each : found) {
      try {
        return Optional.of(read(each));
      } catch (IOException e) {
        warn("cannot use the checkpoint " + each.key(), e);
      }
    }
    return Optional.empty();
  }

  private List<String> keys(ModelStore store) {
    try {
      return store.list(prefix).stream().filter(key -> key.endsWith(SUFFIX)).toList();
    } catch (IOException e) {
      warn("cannot look for checkpoints", e);
      return List.of();
    }
  }

  private static Checkpoint read(Found found) throws IOException {
    Path file = Files.createTempFile("checkpoint-", SUFFIX);
    try {
      try (InputStream in = found.store().open(found.key())) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
      return CheckpointFile.read(file);
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void save(Checkpoint checkpoint) {
    if (stores.isEmpty()) {
      return;
    }
    String key = prefix + "%012d".formatted(checkpoint.history().steps()) + SUFFIX;
    try {
      Path file = Files.createTempFile("checkpoint-", SUFFIX);
      try {
        CheckpointFile.write(checkpoint, file);
        stores.forEach(store -> save(store, key, file));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      warn("cannot write a checkpoint", e);
    }
  }

  private void save(ModelStore store, String key, Path file) {
    try {
      store.put(key, file);
      List<String> all = keys(store);
      for (String old : all.subList(0, Math.max(0, all.size() - KEPT))) {
        store.delete(old);
      }
    } catch (IOException e) {
      warn("cannot keep a checkpoint; training goes on", e);
    }
  }

  /** Deletes all of the run. */
  public void clear() {
    for (ModelStore store : stores) {
      try {
        for (String key : keys(store)) {
          store.delete(key);
        }
      } catch (IOException e) {
        warn("cannot delete a checkpoint", e);
      }
    }
  }

  private void warn(String what, IOException e) {
    warnings.accept(what + ": " + e.getMessage());
  }
}
