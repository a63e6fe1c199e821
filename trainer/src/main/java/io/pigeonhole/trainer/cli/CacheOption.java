package io.pigeonhole.trainer.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the trainer keeps what it need not fetch or compute again. */
final class CacheOption {

  @Option(
      names = "--cache",
      paramLabel = "FOLDER",
      description = {
        "Where downloads, decoded images, features and checkpoints are kept (default: pigeonhole in"
            + " XDG_CACHE_HOME or, if that is not set, in .cache of the home folder)."
      })
  private Path folder = byDefault();

  private static Path byDefault() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return base.resolve("pigeonhole");
  }

  /** The folder. */
  Path folder() {
    return folder;
  }
}
