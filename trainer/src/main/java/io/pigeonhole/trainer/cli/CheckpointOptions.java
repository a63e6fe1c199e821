package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.Errors;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.ModelStore;
import io.pigeonhole.trainer.checkpoint.CheckpointStore;
import io.pigeonhole.trainer.checkpoint.Leftovers;
import io.pigeonhole.trainer.checkpoint.RunId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether a run can go on after it was killed. */
final class CheckpointOptions {

  private static final Duration ABANDONED = Duration.ofDays(30);

  @Option(
      names = "--checkpoints",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = {
        "Keep the state of the run after each epoch, every ten minutes, and at SIGTERM or Ctrl-C, in"
            + " the cache folder and in an S3 --out below checkpoints/, until the model is published"
            + " (default: yes)."
      })
  private boolean checkpoints;

  @Option(
      names = "--resume",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = {
        "Go on from the last checkpoint of the same run: the same recipe, images, seed and base"
            + " (default: yes)."
      })
  private boolean resume;

  /**
   * The checkpoints of a run.
   *
   * @param cache folder
   * @param bucket that the model is published to, if it is not on this machine
   */
  CheckpointStore of(
      RunId run, String model, Path cache, Optional<ModelStore> bucket, PrintWriter err)
      throws IOException {
    List<ModelStore> stores = new ArrayList<>();
    if (checkpoints) {
      Leftovers.sweep(cache.resolve("checkpoints"), ABANDONED);
      stores.add(new FolderModelStore(cache));
      bucket.ifPresent(stores::add);
    }
    CheckpointStore store =
        new CheckpointStore(stores, model, run, warning -> Errors.say(err, warning));
    if (!resume) {
      store.clear();
    }
    return store;
  }
}
