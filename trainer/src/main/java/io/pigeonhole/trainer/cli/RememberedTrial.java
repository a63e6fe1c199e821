package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.Processor;
import io.pigeonhole.trainer.data.Digests;
import io.pigeonhole.trainer.network.Gpus;
import io.pigeonhole.trainer.network.MachineTrial;
import io.pigeonhole.trainer.recipe.Recipe;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import org.tensorflow.TensorFlow;

/** What was found for a machine, a library and a network, kept for a day. */
final class RememberedTrial {

  private static final int NAME_BYTES = 8;
  private static final Duration LASTING = Duration.ofDays(1);

  private RememberedTrial() {}

  /**
   * What was found within a day, or is found now: a machine may have been busy. A cache folder that
   * cannot be used costs a second, no more.
   *
   * @param threads processors to be used; 0 for all
   * @param half whether to try bfloat16
   * @param cache folder, in which {@code trials} is the one that this takes
   */
  static MachineTrial of(Recipe recipe, int threads, boolean half, Path cache) {
    Path file = cache.resolve("trials").resolve(name(recipe, threads, half) + ".properties");
    return kept(file)
        .orElseGet(
            () -> {
              MachineTrial found = MachineTrial.of(recipe, threads, half);
              keep(found, file);
              return found;
            });
  }

  private static Optional<MachineTrial> kept(Path file) {
    try {
      Instant written = Files.getLastModifiedTime(file).toInstant();
      if (written.isBefore(Instant.now().minus(LASTING))) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      try (Reader in = Files.newBufferedReader(file)) {
        properties.load(in);
      }
      return Optional.of(
          new MachineTrial(
              Boolean.parseBoolean(required(properties, "right")),
              Double.parseDouble(required(properties, "float32-seconds")),
              Double.parseDouble(required(properties, "bfloat16-seconds")),
              required(properties, "finding")));
    } catch (IOException | IllegalArgumentException missingOrDamaged) {
      return Optional.empty();
    }
  }

  private static String required(Properties properties, String name) {
    return Optional.ofNullable(properties.getProperty(name))
        .orElseThrow(() -> new IllegalArgumentException("no " + name));
  }

  private static void keep(MachineTrial found, Path file) {
    Properties properties = new Properties();
    properties.setProperty("right", Boolean.toString(found.right()));
    properties.setProperty("float32-seconds", Double.toString(found.float32Seconds()));
    properties.setProperty("bfloat16-seconds", Double.toString(found.bfloat16Seconds()));
    properties.setProperty("finding", found.finding());
    Path whole = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Files.createDirectories(file.getParent());
      try (Writer out = Files.newBufferedWriter(whole)) {
        properties.store(out, "What the trainer has found; without this file, it looks again.");
      }
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException lookedForAgain) {
      whole.toFile().delete();
    }
  }

  private static String name(Recipe recipe, int threads, boolean half) {
    Processor processor = Processor.ofThisMachine();
    String identity =
        String.join(
            "\n",
            Integer.toString(MachineTrial.VERSION),
            TensorFlow.version(),
            processor.description(),
            String.valueOf(System.getenv("TF_ENABLE_ONEDNN_OPTS")),
            Boolean.toString(half),
            Integer.toString(Runtime.getRuntime().availableProcessors()),
            Integer.toString(threads),
            Integer.toString(Gpus.count()),
            recipe.layers().toString(),
            recipe.stages().toString(),
            Integer.toString(recipe.channels()),
            Integer.toString(recipe.batch()));
    byte[] digest = Digests.sha256().digest(identity.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
  }
}
