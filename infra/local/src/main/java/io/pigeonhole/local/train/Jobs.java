package io.pigeonhole.local.train;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Runs jobs of the trainer, one after the other. They are remembered until the product ends. */
public final class Jobs implements AutoCloseable {
  private static final int REMEMBERED = 100;
  private static final String PROGRAM = "io.pigeonhole.program.Pigeonhole";

  private final Path trainer;
  private final Map<String, String> environment;
  private final Consumer<String> output;
  private final ConcurrentLinkedDeque<Job> jobs = new ConcurrentLinkedDeque<>();
  private final ExecutorService runner =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "trainings");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Process process;

  /**
   * Nothing runs yet.
   *
   * @param trainer the packaged trainer, {@code trainer.jar}
   * @param environment that jobs get beside this process's
   * @param output takes each line that a job prints
   */
  public Jobs(Path trainer, Map<String, String> environment, Consumer<String> output) {
    this.trainer = trainer;
    this.environment = environment;
    this.output = output;
  }

  /** Takes a job, the newest first. */
  Job submit(JsonNode request) {
    Job job = new Job(request);
    jobs.addFirst(job);
    while (jobs.size() > REMEMBERED) {
      jobs.removeLast();
    }
    List<String> words =
        StreamSupport.stream(request.at("/containerOverrides/command").spliterator(), false)
            .map(JsonNode::asString)
            .toList();
    runner.execute(() -> run(job, words));
    return job;
  }

  /** All of them, the newest first. */
  List<Job> all() {
    return List.copyOf(jobs);
  }

  private void run(Job job, List<String> words) {
    if (!Files.isRegularFile(trainer)) {
      job.ended(1, "the trainer is not built: " + trainer + " is missing");
      return;
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", trainer.toString(), PROGRAM));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      process = builder.start();
      job.started();
      String last = forward(process);
      int exitCode = process.waitFor();
      job.ended(exitCode, exitCode == 0 ? "" : last);
    } catch (IOException | UncheckedIOException e) {
      job.ended(1, "the trainer cannot be started: " + e.getMessage());
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }

  /** The last line that says something. */
  private String forward(Process started) throws IOException {
    String last = "";
    try (BufferedReader lines = started.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.accept("train    | " + line);
        last = line.isBlank() ? last : line;
      }
    }
    return last;
  }

  /** Ends the job that runs. */
  @Override
  public void close() {
    runner.shutdownNow();
    Process running = process;
    if (running != null) {
      running.destroy();
    }
  }
}
