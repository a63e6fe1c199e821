package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.ExitCode;
import io.pigeonhole.model.Gate;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelVersion;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Moves the pointer and says what came of it.
 *
 * @param out where to
 */
public record Promoting(PrintWriter out) {

  /**
   * Puts a version into service if the gate lets it.
   *
   * @return the {@link ExitCode}
   */
  public int promote(ModelRepository repository, ModelVersion version, Gate gate)
      throws IOException, InvalidManifestException {
    ModelRepository.Promotion promotion = repository.promote(version, gate);
    if (promotion instanceof ModelRepository.Promotion.Refused refused) {
      out.printf("not promoted: %s: %s%n", version, refused.reason());
      return ExitCode.NOT_PROMOTED;
    }
    if (promotion instanceof ModelRepository.Promotion.Conflict) {
      out.printf("not promoted: %s: somebody else moved the pointer meanwhile%n", version);
      return ExitCode.NOT_PROMOTED;
    }
    out.printf("in service: %s%n", version);
    return ExitCode.DONE;
  }
}
