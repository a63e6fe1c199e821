package io.pigeonhole.trainer.checkpoint;

import io.pigeonhole.trainer.data.Digests;
import io.pigeonhole.trainer.training.TrainingRun;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What tells runs apart: everything that decides how one ends, but for the rounding of a machine. A
 * run with the same id goes on from the other's checkpoint.
 *
 * @param value 16 hexadecimal digits
 */
public record RunId(String value) {

  private static final int LENGTH = 16;

  /**
   * The id of a run.
   *
   * @param datasetSha256 of its images
   * @param base what its weights begin with; empty for random ones
   */
  public static RunId of(TrainingRun run, String datasetSha256, String base) {
    String identity =
        String.join("\n", run.recipe().toString(), datasetSha256, Long.toString(run.seed()), base);
    byte[] digest = Digests.sha256().digest(identity.getBytes(StandardCharsets.UTF_8));
    return new RunId(HexFormat.of().formatHex(digest).substring(0, LENGTH));
  }
}
