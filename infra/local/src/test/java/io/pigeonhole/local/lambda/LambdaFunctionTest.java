package io.pigeonhole.local.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LambdaFunctionTest {
  @TempDir Path folder;
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
  private LambdaFunction function;

  private void start(Map<String, String> environment) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            TinyRuntime.class.getName());
    function =
        new LambdaFunction(
            new LambdaFunction.Definition(
                "tiny", command, environment, folder, Duration.ofSeconds(1), 128),
            output::add,
            Duration.ofMillis(10));
    function.start();
  }

  @AfterEach
  void stop() {
    function.close();
  }

  @Test
  void answersEventsFromAProcessAndPassesItsOutputOn() throws Exception {
    start(Map.of());
    assertThat(answer("hello")).isEqualTo("hello from tiny");
    assertThat(output.poll(5, TimeUnit.SECONDS)).isEqualTo("tiny     | did hello");
    ProcessHandle process = function.process().orElseThrow();
    function.close();
    process.onExit().get(5, TimeUnit.SECONDS);
    assertThat(function.process()).isEmpty();
  }

  @Test
  void startsTheProcessAgainWhenItDies() throws Exception {
    start(Map.of());
    assertThat(outcome("die"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failure -> assertThat(failure.errorType()).isEqualTo("Runtime.ExitError"));
    assertThat(answer("next")).isEqualTo("next from tiny");
    assertThat(output).anyMatch(line -> line.contains("exit code 9; starting it again"));
  }

  @Test
  void killsAndRestartsAProcessThatTakesTooLong() throws Exception {
    start(Map.of());
    assertThat(outcome("hang"))
        .isEqualTo(new Outcome.Failed("Sandbox.Timedout", "Task timed out after 1.00 seconds"));
    assertThat(answer("next")).isEqualTo("next from tiny");
  }

  @Test
  void givesUpWithTheReasonWhenTheProcessNeverStarts() throws Exception {
    start(Map.of("FAIL_TO_START", "yes"));
    assertThat(function.givenUp().get(60, TimeUnit.SECONDS))
        .startsWith("tiny does not start")
        .contains("exit code 3");
    assertThat(output).anyMatch(line -> line.equals("tiny     | there is no configuration"));
  }

  private Outcome outcome(String event) throws Exception {
    return function.invoke(event.getBytes(UTF_8)).get(60, TimeUnit.SECONDS);
  }

  private String answer(String event) throws Exception {
    return new String(((Outcome.Responded) outcome(event)).payload(), UTF_8);
  }
}
