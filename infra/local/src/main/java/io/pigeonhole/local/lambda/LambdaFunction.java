package io.pigeonhole.local.lambda;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A function as Lambda runs it: a process that is given one event at a time, killed when it takes
 * too long, and started again when it dies.
 */
public final class LambdaFunction implements AutoCloseable {
  /** Deaths in a row, before asking for a first event, after which it is given up. */
  private static final int MAX_FAILED_STARTS = 4;

  private static final Duration PAUSE = Duration.ofMillis(500);

  /**
   * What is run.
   *
   * @param name as in {@code label | …} before each line of its output
   * @param command to start it
   * @param environment added to what Lambda itself sets
   * @param folder it runs in
   * @param timeout of an invocation
   * @param memoryMegabytes as the function sees it; the command sets what it may really use
   */
  public record Definition(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path folder,
      Duration timeout,
      int memoryMegabytes) {

    String arn() {
      return "arn:aws:lambda:us-east-1:000000000000:function:" + name;
    }
  }

  private final Definition definition;
  private final Consumer<String> output;
  private final Duration pause;
  private final BlockingQueue<Invocation> pending = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> givenUp = new CompletableFuture<>();
  private final Thread supervisor;
  private volatile boolean stopping;
  private volatile Process process;

  /** A function that does not run yet, but takes invocations. */
  public LambdaFunction(Definition definition, Consumer<String> output) {
    this(definition, output, PAUSE);
  }

  /**
   * One that does not run yet either.
   *
   * @param pause after the first start that failed; twice as long after each more
   */
  LambdaFunction(Definition definition, Consumer<String> output, Duration pause) {
    this.definition = definition;
    this.output = output;
    this.pause = pause;
    this.supervisor = new Thread(this::supervise, definition.name() + "-supervisor");
    supervisor.setDaemon(true);
  }

  /** Starts the process, and from then on restarts it. */
  public void start() {
    supervisor.start();
  }

  /**
   * Completed with the reason when the process dies again and again and is not started any more.
   */
  public CompletableFuture<String> givenUp() {
    return givenUp;
  }

  /** The running process; empty while there is none. */
  public Optional<ProcessHandle> process() {
    return Optional.ofNullable(process).filter(Process::isAlive).map(Process::toHandle);
  }

  /**
   * Hands an event to the function as soon as it is free. Completing (cancelling) the future takes
   * back an event that is still waiting.
   */
  public CompletableFuture<Outcome> invoke(byte[] payload) {
    Invocation invocation = Invocation.of(payload);
    pending.add(invocation);
    return invocation.outcome();
  }

  private void supervise() {
    int failedStarts = 0;
    try {
      while (!stopping) {
        Run run = runOnce();
        if (stopping) {
          return;
        }
        failedStarts = run.polled ? 0 : failedStarts + 1;
        // Ctrl-C in a terminal reaches the functions too, maybe before it reaches us
        TimeUnit.MILLISECONDS.sleep(300);
        if (stopping) {
          return;
        }
        if (failedStarts == MAX_FAILED_STARTS) {
          givenUp.complete(
              "%s does not start (tried %d times): %s"
                  .formatted(definition.name(), failedStarts, run.description));
          return;
        }
        say(run.description + "; starting it again");
        TimeUnit.MILLISECONDS.sleep(failedStarts == 0 ? 0 : pause.toMillis() << (failedStarts - 1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | UncheckedIOException e) {
      givenUp.complete(definition.name() + " cannot be started: " + e.getMessage());
    }
  }

  private record Run(boolean polled, String description) {}

  private Run runOnce() throws IOException, InterruptedException {
    try (RuntimeApi api =
        new RuntimeApi(definition.arn(), definition.timeout(), pending, this::killTimedOut)) {
      Process started = processBuilder(api.address()).start();
      process = started;
      if (stopping) {
        started.destroyForcibly();
      }
      forward(started);
      int exit = OrphanGuard.waitFor(started);
      return new Run(api.polled(), description(exit, api));
    }
  }

  private String description(int exit, RuntimeApi api) {
    String how =
        exit > 128 ? "was killed by signal " + (exit - 128) : "ended with exit code " + exit;
    return "the process " + how + api.initError().map(error -> " (" + error + ")").orElse("");
  }

  private void killTimedOut() {
    say(
        "an event took longer than "
            + definition.timeout().toSeconds()
            + " s; killing the process");
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }

  private ProcessBuilder processBuilder(String runtimeApi) {
    ProcessBuilder builder =
        new ProcessBuilder(definition.command())
            .directory(definition.folder().toFile())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    // Settings of the user's own AWS account, or for another JVM, must not leak in
    environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("QUARKUS_"));
    environment.remove("JAVA_TOOL_OPTIONS");
    environment.put("AWS_LAMBDA_RUNTIME_API", runtimeApi);
    environment.put("AWS_LAMBDA_FUNCTION_NAME", definition.name());
    environment.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    environment.put(
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(definition.memoryMegabytes()));
    environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + definition.name());
    environment.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    environment.put("LAMBDA_TASK_ROOT", definition.folder().toString());
    environment.put("TZ", ":UTC");
    environment.putAll(definition.environment());
    return builder;
  }

  private void forward(Process started) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(
                      new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
                lines.lines().forEach(this::say);
              } catch (IOException | UncheckedIOException e) {
                // The process is gone, and its output with it
              }
            },
            definition.name() + "-output");
    thread.setDaemon(true);
    thread.start();
  }

  private void say(String line) {
    if (!stopping) {
      output.accept(String.format(Locale.ROOT, "%-8s | %s", definition.name(), line));
    }
  }

  /** Kills the process, as Lambda does; an event that it had is not done. */
  @Override
  public void close() {
    stopping = true;
    supervisor.interrupt();
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
    pending.forEach(
        invocation ->
            invocation
                .outcome()
                .complete(new Outcome.Failed("ServiceException", "the function has been stopped")));
  }
}
