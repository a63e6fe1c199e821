package io.pigeonhole.trainer.training;

import io.pigeonhole.model.Processor;
import io.pigeonhole.trainer.network.MachineTrial;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.TensorFlow;

/**
 * How fast the trainer's steps are beside those of Keras and PyTorch, in alternation, each in the
 * formats in which it computes rightly on this machine, and how far from what the machine can
 * multiply. Arguments: a Python that has tensorflow-cpu, keras and torch, or nothing for only ours;
 * and the folder for the figures, or nothing for none.
 */
final class TrainingBench {
  private static final int ROUNDS = 3;
  private static final int PRODUCTS = 30;
  private static final double TOLERANCE = 0.01;
  private static final Map<String, String> PEERS = Map.of("keras", "Keras", "torch", "PyTorch");

  private final String python;
  private final Map<String, Boolean> right = new TreeMap<>();
  private final List<String> versions = new ArrayList<>();
  private final List<String> ours = new ArrayList<>();
  private final List<String> rows = new ArrayList<>();

  private TrainingBench(String python) {
    this.python = python;
    versions.add("Java " + Runtime.version().feature());
    versions.add("TensorFlow " + TensorFlow.version());
  }

  public static void main(String[] args) throws IOException {
    TrainingBench bench = new TrainingBench(args.length == 0 ? "" : args[0]);
    if (!bench.python.isEmpty()) {
      bench.check("keras");
      bench.check("torch");
    }
    bench.compare("tutorial", 300);
    bench.compare("fast", 6);
    if (args.length > 1 && !args[1].isEmpty()) {
      bench.write(Path.of(args[1]));
    }
  }

  /** Whether a peer computes bfloat16 rightly; one that dies of it does not. */
  private void check(String peer) throws IOException {
    Program program = Program.start(List.of(python, "bench/peers.py", peer, "check"));
    String said = program.out().lines().reduce("", (before, line) -> line);
    String[] words = said.split(" ", 3);
    boolean checked = words[0].equals("checked");
    right.put(peer, checked && Double.parseDouble(words[1]) <= TOLERANCE);
    versions.add(checked ? words[2] : PEERS.get(peer));
    System.out.printf("%s in bfloat16: %s%n", PEERS.get(peer), checked ? said : "ends");
  }

  private void write(Path folder) throws IOException {
    Processor processor = Processor.ofThisMachine();
    List<String> lines = new ArrayList<>();
    lines.add(
        "# processor: %s, %d processors"
            .formatted(processor.description(), Runtime.getRuntime().availableProcessors()));
    lines.add("# date: " + LocalDate.now(ZoneOffset.UTC));
    lines.add("# versions: " + String.join(", ", versions));
    ours.forEach(name -> lines.add("# ours: " + name));
    lines.add(",images per processor second,images per second");
    lines.addAll(rows);
    Path file = folder.resolve("training-" + processor.fileName() + ".csv");
    Files.write(file, lines);
    System.out.println(file + " has the figures");
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

  private void compare(String network, int steps) throws IOException {
    Recipe recipe = ShippedRecipes.named(network).orElseThrow();
    TrainingGraph.claimThreads(recipe, 0);
    MachineTrial trial = MachineTrial.of(recipe.forClasses(10), 0, true);
    System.out.printf("%s: bfloat16 %s%n", network, trial.finding());
    Map<String, Program> programs = new LinkedHashMap<>();
    Map<String, Program> limits = new LinkedHashMap<>();
    for (Precision precision : Precision.values()) {
      String format = precision.name();
      String what = "`%s`, %s: ".formatted(network, format.toLowerCase(Locale.ROOT));
      if (precision == Precision.FLOAT32 || trial.right()) {
        ours.add(what + "the trainer");
        programs.put(what + "the trainer", Program.start(java(Steps.class, network, format)));
        limits.put(what + "the trainer", Program.start(java(Multiplications.class, format)));
      }
      for (String peer : right.keySet()) {
        if (precision == Precision.FLOAT32 || right.get(peer)) {
          programs.put(
              what + PEERS.get(peer),
              Program.start(
                  List.of(
                      python, "bench/peers.py", peer, network, format.toLowerCase(Locale.ROOT))));
        }
      }
    }
    Map<String, List<double[]>> measured = new LinkedHashMap<>();
    Map<String, List<double[]>> products = new LinkedHashMap<>();
    for (int round = 0; round <= ROUNDS; round++) {
      measure(programs, steps, round, measured);
      measure(limits, PRODUCTS, round, products);
    }
    String taken = trial.fastest().name().toLowerCase(Locale.ROOT);
    print(network, "`%s`, %s: the trainer".formatted(network, taken), measured);
    products.forEach((name, figures) -> print(name, measured.get(name), figures));
    measured.forEach(
        (name, figures) ->
            rows.add(
                String.format(
                    Locale.ROOT,
                    "\"%s\",%.1f,%.1f",
                    name,
                    median(figures, 1),
                    median(figures, 0))));
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

  /** Beside the trainer in the format that it takes by itself. */
  private static void print(String network, String taken, Map<String, List<double[]>> measured) {
    double ours = median(measured.get(taken), 1);
    System.out.printf(
        "| %s | images/s | images/CPU s | %s is | waiting for images |%n", network, taken);
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
