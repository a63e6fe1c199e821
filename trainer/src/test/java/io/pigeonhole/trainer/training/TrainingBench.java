package io.pigeonhole.trainer.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How fast the trainer's steps are beside those of Keras and PyTorch, in alternation, and how far
 * from what the machine can multiply. Argument: a Python that has tensorflow-cpu, keras and torch;
 * without it, only ours are measured.
 */
final class TrainingBench {
  private static final int ROUNDS = 5;
  private static final int PRODUCTS = 30;

  private TrainingBench() {}

  public static void main(String[] args) throws IOException {
    String python = args.length == 0 ? "" : args[0];
    compare("tutorial", List.of("bfloat16", "float32"), 300, python);
    compare("fast", List.of("bfloat16"), 12, python);
  }

  /** A process that takes steps when it is told to. */
  private record Program(Process process, Writer in, BufferedReader out) {

    static Program start(List<String> command) throws IOException {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "3");
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      Process process = builder.start();
      return new Program(process, process.outputWriter(), process.inputReader());
    }

    double[] measure(int steps) throws IOException {
      in.write(steps + "\n");
      in.flush();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("measured")) {
          double[] figures = new double[words.length - 1];
          for (int i = 0; i < figures.length; i++) {
            figures[i] = Double.parseDouble(words[i + 1]);
          }
          return figures;
        }
      }
      throw new IOException("a program has ended: " + process.info().commandLine().orElse("?"));
    }
  }

  private static void compare(String network, List<String> precisions, int steps, String python)
      throws IOException {
    Map<String, Program> programs = new LinkedHashMap<>();
    Map<String, Program> limits = new LinkedHashMap<>();
    for (String precision : precisions) {
      String format = precision.toUpperCase(Locale.ROOT);
      programs.put("trainer, " + precision, Program.start(java(Steps.class, network, format)));
      limits.put("trainer, " + precision, Program.start(java(Multiplications.class, format)));
      if (!python.isEmpty()) {
        for (String peer : List.of("keras", "torch")) {
          programs.put(
              peer + ", " + precision,
              Program.start(List.of(python, "bench/peers.py", peer, network, precision)));
        }
      }
    }
    Map<String, List<double[]>> measured = new LinkedHashMap<>();
    Map<String, List<double[]>> products = new LinkedHashMap<>();
    for (int round = 0; round <= ROUNDS; round++) {
      measure(programs, steps, round, measured);
      measure(limits, PRODUCTS, round, products);
    }
    print(network, measured);
    products.forEach((name, figures) -> print(name, measured.get(name), figures));
    for (Map<String, Program> each : List.of(programs, limits)) {
      for (Program program : each.values()) {
        program.in().close();
      }
    }
  }

  private static void measure(
      Map<String, Program> programs, int count, int round, Map<String, List<double[]>> measured)
      throws IOException {
    for (Map.Entry<String, Program> program : programs.entrySet()) {
      double[] figures = program.getValue().measure(count);
      if (round > 0) { // the first one warms up
        measured.computeIfAbsent(program.getKey(), name -> new ArrayList<>()).add(figures);
      }
    }
  }

  private static List<String> java(Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Of the steps, the multiplications alone; of the products, all there is. */
  private static void print(String name, List<double[]> steps, List<double[]> products) {
    double multiplied = median(steps, 3);
    double limit = median(products, 1);
    System.out.printf(
        Locale.ROOT,
        "%s: %.0f of the %.0f GFLOP per CPU s that large matrices multiply with, %.0f %%%n",
        name,
        multiplied / 1e9,
        limit / 1e9,
        100 * multiplied / limit);
  }

  private static void print(String network, Map<String, List<double[]>> measured) {
    double ours = median(measured.values().iterator().next(), 1);
    System.out.printf(
        "| %s | images/s | images/CPU s | trainer is | waiting for images |%n", network);
    System.out.println("|---|---|---|---|---|");
    measured.forEach(
        (name, figures) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.2f × | %s |%n",
                name,
                median(figures, 0),
                median(figures, 1),
                ours / median(figures, 1),
                figures.get(0).length > 2
                    ? String.format(Locale.ROOT, "%.1f %%", 100 * median(figures, 2))
                    : ""));
  }

  private static double median(List<double[]> figures, int which) {
    return figures.stream().mapToDouble(f -> f[which]).sorted().toArray()[figures.size() / 2];
  }
}
