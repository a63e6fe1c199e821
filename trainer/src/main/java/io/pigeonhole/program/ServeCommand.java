package io.pigeonhole.program;

import io.pigeonhole.command.ProgramCommand;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code pigeonhole serve}. The product on one machine is a program of its own, which starts
 * functions and trainings; this one starts it, from where the build has left it.
 */
@Command(
    name = "serve",
    description = {
      "Runs the product on this machine, until Ctrl-C: an S3 server, the functions, the API and its"
          + " page. It is taken from the build that this program is from, so all modules are to be"
          + " built (mvn package -DskipTests)."
    },
    footerHeading = "%nExample:%n",
    footer = "  pigeonhole serve --port 8081 --s3-port 9001 --data /tmp/pigeonhole")
final class ServeCommand extends ProgramCommand {
  private static final int MOST = 65_535;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Of the API and its page; 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--s3-port",
      paramLabel = "PORT",
      defaultValue = "9000",
      description = "Of the S3 server, likewise (default: ${DEFAULT-VALUE}).")
  private int s3Port;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Where everything is that survives a restart (default: infra/local/data).")
  private Optional<Path> data;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "cifar10",
      description =
          "Which of the models in the models bucket is in service (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "-D",
      paramLabel = "SETTING=VALUE",
      description = {
        "Any setting of the product's on one machine, such as local.api.rate=50: requests a second"
            + " that a route takes."
      })
  private Map<String, String> settings = new TreeMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    requirePort("--port", port);
    requirePort("--s3-port", s3Port);
    Process product = new ProcessBuilder(command(root())).inheritIO().start();
    Thread ending = new Thread(() -> end(product), "ending");
    Runtime.getRuntime().addShutdownHook(ending);
    return product.waitFor();
  }

  private void requirePort(String option, int number) {
    if (number < 0 || number > MOST) {
      throw wrong("%s is %d; expected 0 to %d".formatted(option, number, MOST));
    }
  }

  private List<String> command(Path root) throws IOException {
    Path local = root.resolve("infra/local/target/local.jar");
    if (!Files.isRegularFile(local)) {
      throw new IOException(
          "the product is not built: %s is missing; 'mvn package -DskipTests' makes it"
              .formatted(local));
    }
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
    words.add("-Dlocal.api.port=" + port);
    words.add("-Dlocal.s3.port=" + s3Port);
    words.add("-Dlocal.data=" + data.orElse(root.resolve("infra/local/data")).toAbsolutePath());
    words.add("-Dlocal.model=" + model);
    words.add("-Dlocal.functions=" + root.resolve("functions/target"));
    words.add("-Dlocal.trainer=" + root.resolve("trainer/target/trainer.jar"));
    words.add("-Dlocal.models=" + root.resolve("model/bundled"));
    words.add("-Dlocal.ends-with-parent=true");
    settings.forEach((name, value) -> words.add("-D" + name + "=" + value));
    words.addAll(List.of("-jar", local.toString()));
    return words;
  }

  /** Of the sources in which this was built: the folder above {@code trainer/target}. */
  private static Path root() {
    try {
      Path built =
          Path.of(Pigeonhole.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return built.resolve("../../..").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it with this process; after Ctrl-C, which it has heard itself, only waits. */
  private static void end(Process product) {
    product.destroy();
    product.onExit().join();
  }
}
