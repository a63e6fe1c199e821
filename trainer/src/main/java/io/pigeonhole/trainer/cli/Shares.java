package io.pigeonhole.trainer.cli;

import picocli.CommandLine;

/** Options that are parts of a whole. */
final class Shares {

  private Shares() {}

  /** Refuses what is not between 0 and 1. */
  static void require(CommandLine.Model.CommandSpec command, String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new CommandLine.ParameterException(
          command.commandLine(), option + " is " + value + "; expected 0 to 1");
    }
  }
}
