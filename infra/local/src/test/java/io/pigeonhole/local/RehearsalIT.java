package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.lambda.FunctionCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build of the functions' image does to have a cache made: one request, one answer. */
class RehearsalIT {
  private static final Path FUNCTIONS =
      FunctionCommand.of(RunningProduct.settings(Path.of("")).functions(), List.of(), List.of())
          .folder();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final String RUNNER = FUNCTIONS.resolve("functions-runner.jar").toString();

  @TempDir private Path temp;

  @Test
  void theFunctionAnswersARequestAndEnds() throws Exception {
    assertThat(rehearse(Path.of(System.getProperty("events"), "classify-post.json"))).isZero();
  }

  @Test
  void anotherAnswerThanOkIsAFailure() throws Exception {
    Path unknown = temp.resolve("unknown.json");
    Path known = Path.of(System.getProperty("events"), "classify-post.json");
    Files.writeString(unknown, Files.readString(known).replace("/classify", "/unknown"));
    assertThat(rehearse(unknown)).isOne();
    assertThat(Files.readString(temp.resolve("said"))).contains("404");
  }

  private int rehearse(Path event) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                JAVA,
                "-cp",
                RUNNER,
                "io.pigeonhole.start.Rehearsal",
                System.getProperty("local.models"),
                event.toString(),
                FUNCTIONS.resolve("start").toString(),
                JAVA,
                "-XX:TieredStopAtLevel=1",
                "-jar",
                RUNNER));
    builder
        .environment()
        .put("TENSORFLOW_LIBRARY_PATH", FUNCTIONS.resolve("tensorflow").toString());
    builder.environment().put("OPT_OUT_TRACKING", "true");
    builder.redirectErrorStream(true).redirectOutput(temp.resolve("said").toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    int exit = process.waitFor();
    System.out.write(Files.readAllBytes(temp.resolve("said")));
    assertThat(Files.readString(temp.resolve("said"), StandardCharsets.UTF_8)).isNotEmpty();
    return exit;
  }
}
