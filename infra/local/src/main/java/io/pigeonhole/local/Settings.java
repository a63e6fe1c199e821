package io.pigeonhole.local;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What can be set from the command line.
 *
 * @param s3Port {@code local.s3.port}, 0 for any free one
 * @param apiPort {@code local.api.port}, 0 for any free one
 * @param data {@code local.data}, the folder of everything that survives a restart
 * @param functions {@code local.functions}, the folder of the built functions
 * @param trainer {@code local.trainer}, the built trainer's jar
 * @param model {@code local.model}, which of the models bucket's models serves
 * @param bundledModels {@code local.models}, a models bucket as a folder
 * @param endsWithParent {@code local.ends-with-parent}, whether to end when the process does that
 *     started this one
 */
record Settings(
    int s3Port,
    int apiPort,
    Path data,
    Path functions,
    Path trainer,
    String model,
    Path bundledModels,
    boolean endsWithParent) {

  /** Reads system properties; relative folders start where the user is. */
  static Settings of(Properties properties) throws StartException {
    return new Settings(
        port(properties, "local.s3.port", "9000"),
        port(properties, "local.api.port", "8080"),
        folder(properties, "local.data", "infra/local/data"),
        folder(properties, "local.functions", "functions/target"),
        folder(properties, "local.trainer", "trainer/target/trainer.jar"),
        properties.getProperty("local.model", "cifar10").strip(),
        folder(properties, "local.models", "model/bundled"),
        Boolean.parseBoolean(properties.getProperty("local.ends-with-parent", "false")));
  }

  private static int port(Properties properties, String name, String byDefault)
      throws StartException {
    String text = properties.getProperty(name, byDefault).strip();
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Falls through to the message
    }
    throw new StartException("-D" + name + "=" + text + " is not a port from 0 to 65535");
  }

  private static Path folder(Properties properties, String name, String byDefault)
      throws StartException {
    String text = properties.getProperty(name, byDefault);
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new StartException("-D" + name + "=" + text + " is not a folder: " + e.getReason(), e);
    }
  }
}
