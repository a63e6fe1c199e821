package io.pigeonhole.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.Safetensors;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.training.Checkpoint;
import io.pigeonhole.trainer.training.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint in a file: the numbers as {@linkplain Safetensors arrays}, the history as JSON
 * beside them, and a checksum of both.
 */
final class CheckpointFile {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STATE = "state";
  private static final String BEST = "best";
  private static final String HISTORY = "history";
  private static final String PRECISION = "precision";
  private static final String CHECKSUM = "checksum";

  private CheckpointFile() {}

  static void write(Checkpoint checkpoint, Path file) throws IOException {
    Map<String, Weights> groups = new LinkedHashMap<>();
    groups.put(STATE, checkpoint.state());
    checkpoint.best().ifPresent(best -> groups.put(BEST, best));
    String history = JSON.writeValueAsString(checkpoint.history());
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(HISTORY, history);
    metadata.put(CHECKSUM, checksum(history, checkpoint));
    checkpoint.precision().ifPresent(precision -> metadata.put(PRECISION, precision.name()));
    Safetensors.writeGroups(metadata, groups, file);
  }

  /**
   * Reads a checkpoint.
   *
   * @throws IOException if it is not whole
   */
  static Checkpoint read(Path file) throws IOException {
    Safetensors read = Safetensors.read(file);
    String history = read.metadata().getOrDefault(HISTORY, "");
    Weights best = read.group(BEST);
    Checkpoint checkpoint;
    try {
      checkpoint =
          new Checkpoint(
              JSON.readValue(history, History.class),
              read.group(STATE),
              best.count() == 0 ? Optional.empty() : Optional.of(best),
              Optional.ofNullable(read.metadata().get(PRECISION)).map(Precision::valueOf));
    } catch (IllegalArgumentException e) {
      throw new IOException("the checkpoint is in a precision that is unknown here", e);
    } catch (JsonProcessingException e) {
      throw new IOException("the checkpoint has no history that can be read", e);
    }
    if (!checksum(history, checkpoint).equals(read.metadata().get(CHECKSUM))) {
      throw new IOException("the checkpoint is not what was written: its checksum is wrong");
    }
    return checkpoint;
  }

  private static String checksum(String history, Checkpoint checkpoint) {
    long best = checkpoint.best().map(Weights::checksum).orElse(0L);
    String said = history + checkpoint.precision().map(Precision::name).orElse("");
    return "%08x %08x %08x".formatted(checkpoint.state().checksum(), best, said.hashCode());
  }
}
