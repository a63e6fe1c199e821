package io.pigeonhole.local;

import io.pigeonhole.local.gateway.Rate;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * What can be set from the command line.
 *
 * @param s3Port {@code local.s3.port}, 0 for any free one
 * @param apiPort {@code local.api.port}, 0 for any free one
 * @param apiRate {@code local.api.rate}, requests a second that a route takes, 0 for any number;
 *     {@code local.api.burst}, how many at once, 0 for twice as many
 * @param data {@code local.data}, the folder of everything that survives a restart
 * @param functions {@code local.functions}, the folder of the built functions, or their native
 *     executable in it
 * @param trainer {@code local.trainer}, the built trainer's jar
 * @param model {@code local.model}, which of the models bucket's models serves
 * @param bundledModels {@code local.models}, a models bucket as a folder
 * @param signIn whether people have to sign in, by environment variables
 * @param endsWithParent {@code local.ends-with-parent}, whether to end when the process does that
 *     started this one
 */
record Settings(
    int s3Port,
    int apiPort,
    Rate apiRate,
    Path data,
    Path functions,
    Path trainer,
    String model,
    Path bundledModels,
    SignIn signIn,
    boolean endsWithParent) {

  /** Reads system properties and the environment; relative folders start where the user is. */
  static Settings of(Properties properties, Map<String, String> environment) throws StartException {
    return new Settings(
        port(properties, "local.s3.port", "9000"),
        port(properties, "local.api.port", "8080"),
        rate(properties),
        folder(properties, "local.data", "infra/local/data"),
        folder(properties, "local.functions", "functions/target"),
        folder(properties, "local.trainer", "trainer/target/trainer.jar"),
        properties.getProperty("local.model", "cifar10").strip(),
        folder(properties, "local.models", "model/bundled"),
        new SignIn(environment),
        Boolean.parseBoolean(properties.getProperty("local.ends-with-parent", "false")));
  }

  private static int port(Properties properties, String name, String byDefault)
      throws StartException {
    return number(properties, name, byDefault, "a port", 65_535);
  }

  private static Rate rate(Properties properties) throws StartException {
    int perSecond = number(properties, "local.api.rate", "0", "a number", 10_000);
    int burst = number(properties, "local.api.burst", "0", "a number", 20_000);
    return new Rate(perSecond, burst == 0 ? 2 * perSecond : burst);
  }

  private static int number(
      Properties properties, String name, String byDefault, String what, int max)
      throws StartException {
    String text = properties.getProperty(name, byDefault).strip();
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the message
    }
    throw new StartException("-D%s=%s is not %s from 0 to %d".formatted(name, text, what, max));
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
