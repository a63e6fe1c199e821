package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.lambda.FunctionCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the build of the functions' image does to have a cache made: one event, one answer. */
class RehearsalIT {
  private static final Path FUNCTIONS =
      FunctionCommand.of(RunningProduct.settings(Path.of("")).functions(), List.of(), List.of())
          .folder();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final String RUNNER = FUNCTIONS.resolve("functions-runner.jar").toString();

  private static final String MODELS = System.getProperty("local.models");
  private static final Path EVENTS = Path.of(System.getProperty("events"));

  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"classify", "label"})
  void theFunctionAnswersAndEnds(String handler) throws Exception {
    assertThat(rehearse(handler, MODELS, EVENTS)).isZero();
  }

  @Test
  void anotherAnswerThanOkIsAFailure() throws Exception {
    String known = Files.readString(EVENTS.resolve("classify-post.json"));
    Files.writeString(temp.resolve("classify-post.json"), known.replace("/classify", "/unknown"));
    assertThat(rehearse("classify", MODELS, temp)).isOne();
    assertThat(Files.readString(temp.resolve("said"))).contains("404");
  }

  @Test
  void messagesThatAreNotDoneAreAFailure() throws Exception {
    assertThat(rehearse("label", temp.toString(), EVENTS)).isOne();
    assertThat(Files.readString(temp.resolve("said"))).contains("batchItemFailures");
  }

  private int rehearse(String handler, String models, Path events) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                JAVA,
                "-cp",
                RUNNER,
                "io.pigeonhole.start.Rehearsal",
                handler,
                models,
                events.toString(),
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
