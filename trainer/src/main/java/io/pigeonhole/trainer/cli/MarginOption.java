package io.pigeonhole.trainer.cli;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How much worse than the version in service is still good enough. */
public final class MarginOption {

  private static final double BY_DEFAULT = 0.005;

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec command;

  @Option(
      names = "--margin",
      paramLabel = "SHARE",
      description = {
        "How much lower than the accuracy in service is still good enough (default: "
            + BY_DEFAULT
            + ")."
      })
  private Optional<Double> share;

  /** Whether the command line has one. */
  public boolean isGiven() {
    return share.isPresent();
  }

  /** The margin, between 0 and 1. */
  public double required() {
    double margin = share.orElse(BY_DEFAULT);
    Shares.require(command, "--margin", margin);
    return margin;
  }
}
