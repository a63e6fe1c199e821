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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import org.tensorflow.TensorFlow;

/**
 * What was found once for a machine, a library and a network: the same command trains the same in
 * the same format again, so that a run that was interrupted ends as if it had not been.
 */
final class RememberedTrial {

  private static final int NAME_BYTES = 8;

  private RememberedTrial() {}

  /**
   * What was found before, or is found now.
   *
   * @param threads processors to be used; 0 for all
   * @param cache folder, in which {@code trials} is the one that this takes
   */
  static MachineTrial of(Recipe recipe, int threads, Path cache) throws IOException {
    Path file = cache.resolve("trials").resolve(name(recipe, threads) + ".properties");
    Optional<MachineTrial> kept = kept(file);
    if (kept.isPresent()) {
      return kept.get();
    }
    MachineTrial found = MachineTrial.of(recipe);
    keep(found, file);
    return found;
  }

  private static Optional<MachineTrial> kept(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
      return Optional.of(
          new MachineTrial(
              Boolean.parseBoolean(required(properties, "right")),
              Double.parseDouble(required(properties, "float32-seconds")),
              Double.parseDouble(required(properties, "bfloat16-seconds")),
              required(properties, "finding")));
    } catch (NoSuchFileException | IllegalArgumentException missingOrDamaged) {
      return Optional.empty();
    }
  }

  private static String required(Properties properties, String name) {
    return Optional.ofNullable(properties.getProperty(name))
        .orElseThrow(() -> new IllegalArgumentException("no " + name));
  }

  private static void keep(MachineTrial found, Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("right", Boolean.toString(found.right()));
    properties.setProperty("float32-seconds", Double.toString(found.float32Seconds()));
    properties.setProperty("bfloat16-seconds", Double.toString(found.bfloat16Seconds()));
    properties.setProperty("finding", found.finding());
    Files.createDirectories(file.getParent());
    Path whole = Files.createTempFile(file.getParent(), "trial", ".tmp");
    try (Writer out = Files.newBufferedWriter(whole)) {
      properties.store(out, "What the trainer has found; without this file, it looks again.");
    }
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String name(Recipe recipe, int threads) {
    Processor processor = Processor.ofThisMachine();
    String identity =
        String.join(
            "\n",
            Integer.toString(MachineTrial.VERSION),
            TensorFlow.version(),
            processor.description(),
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
