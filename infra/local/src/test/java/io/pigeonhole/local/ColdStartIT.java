package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pigeonhole.local.bench.Program;
import io.pigeonhole.local.lambda.FunctionCommand;
import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.lambda.Outcome;
import io.pigeonhole.local.s3.ObjectCreated;
import io.pigeonhole.local.s3.S3Clients;
import io.pigeonhole.local.s3.S3Event;
import io.pigeonhole.local.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * From the start of a process to its first answer, the model's way from S3 included, beside peers
 * that do the same, in alternation: run with {@code -Pbench}. The native executable takes part if
 * it is built; {@code -Dbench.java25} names the folder of a JDK 25, {@code -Dbench.python} a Python
 * with TensorFlow, ONNX Runtime and boto3; a C compiler makes the program that does the least.
 */
@Tag("bench")
class ColdStartIT {
  private static final int STARTS = Integer.getInteger("bench.starts", 15);
  private static final String CACHED = "JVM 25, AOT cache";
  private static final List<String> OURS = List.of("native executable", CACHED);
  private static final List<String> JAVA_25_OPTIONS =
      List.of(
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-AOTReplayTraining",
          "-Djdk.reflect.useNativeAccessorOnly=true");

  /** {@code graph_options { rewrite_options { disable_meta_optimizer: true } }}. */
  private static final List<String> WITHOUT_GRAPPLER =
      List.of("52", "05", "52", "03", "98", "01", "01");

  @TempDir private static Path data;
  private static final Deque<ObjectCreated> uploads = new ConcurrentLinkedDeque<>();
  private static S3Server s3;
  private static Path build;
  private static byte[] event;
  private final Map<String, Callable<Start>> programs = new LinkedHashMap<>();

  /** One start. */
  private record Start(double millis, double cpuMillis, double peakMegabytes) {}

  @BeforeAll
  static void serveModels() throws Exception {
    s3 = S3Server.start(0, data.resolve("s3"), Buckets.ALL, uploads::add);
    new BundledModels(RunningProduct.settings(data).bundledModels())
        .copyTo(s3.endpoint(), Buckets.MODELS);
    build = BenchmarkPrograms.build();
    event = BenchmarkPrograms.event(Scenes.jpeg("cat")).getBytes(UTF_8);
    Files.createDirectories(data.resolve("tmp"));
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Test
  void firstAnswers() throws Exception {
    addFloor();
    addOurs();
    addDjlDemo();
    addPython();
    report("cold", "`classify`, cold", starts());
  }

  /** From an event of one image to its result, tags and index object. */
  @Test
  void firstLabels() throws Exception {
    String java25 = System.getProperty("bench.java25");
    assumeThat(java25).isNotEmpty();
    addLabel("JVM 25", java(java25));
    for (String handler : List.of("classify", "label")) {
      Path cache = data.resolve(handler + ".aot");
      rehearse(handler, java(java25, "-XX:AOTCacheOutput=" + cache));
      String name = handler.equals("label") ? CACHED : CACHED + " of `classify`";
      addLabel(name, java(java25, "-XX:AOTCache=" + cache));
    }
    report("start-label", "`label`, cold", starts());
  }

  private void addLabel(String name, List<String> command) {
    programs.put(name, () -> start("label", labelEvent(), command, Map.of()));
  }

  private Map<String, List<Start>> starts() throws Exception {
    Map<String, List<Start>> starts = new LinkedHashMap<>();
    for (int round = 0; round <= STARTS; round++) {
      for (Map.Entry<String, Callable<Start>> program : programs.entrySet()) {
        Start start = program.getValue().call();
        if (round > 0) { // the first one fills the page cache
          starts.computeIfAbsent(program.getKey(), name -> new ArrayList<>()).add(start);
        }
      }
    }
    return starts;
  }

  /** The least that there can be: TensorFlow's library, the model from the disk, one run. */
  private void addFloor() throws Exception {
    Path program = data.resolve("floor");
    Path library = build.resolve("tensorflow");
    List<String> compile =
        List.of(
            "cc",
            "-O2",
            "bench/floor.c",
            "-o",
            program.toString(),
            library.resolve("libtensorflow_cc.so.2").toString(),
            library.resolve("libtensorflow_framework.so.2").toString(),
            "-Wl,-rpath," + library);
    try {
      assertThat(new ProcessBuilder(compile).inheritIO().start().waitFor()).isZero();
    } catch (IOException e) {
      System.out.println("no C compiler: " + e.getMessage());
      return;
    }
    List<String> command = List.of(program.toString(), BenchmarkPrograms.model(data));
    programs.put("a C program: library, model from the disk, one run", () -> floor(command));
    List<String> likeOurs = Stream.concat(command.stream(), WITHOUT_GRAPPLER.stream()).toList();
    programs.put("the same, without Grappler", () -> floor(likeOurs));
  }

  private static Start floor(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    long begin = System.nanoTime();
    String answer = builder.start().inputReader().readLine();
    double millis = (System.nanoTime() - begin) / 1e6;
    String[] words = answer.split(" ", -1);
    return new Start(millis, Double.parseDouble(words[1]), Double.parseDouble(words[2]));
  }

  private void addOurs() throws Exception {
    Path executable = build.resolve("functions-runner");
    if (Files.isExecutable(executable)) {
      addFunction("native executable", functions(executable));
    }
    addFunction("JVM " + Runtime.version().feature(), functions(build));
    String java25 = System.getProperty("bench.java25");
    if (!java25.isEmpty()) {
      Path cache = data.resolve("functions.aot");
      rehearse("classify", java(java25, "-XX:AOTCacheOutput=" + cache));
      assertThat(cache).isNotEmptyFile();
      add("JVM 25", java(java25));
      add(CACHED, java(java25, "-XX:AOTCache=" + cache));
    }
  }

  /** The functions on another JVM. */
  private static List<String> java(String home, String... options) throws StartException {
    List<String> words = new ArrayList<>(functions(build).command(temporary()).words());
    int java = FunctionCommand.start(build).size();
    words.set(java, Path.of(home, "bin", "java").toString());
    words.addAll(java + 1, JAVA_25_OPTIONS);
    words.addAll(java + 1, List.of(options));
    return words;
  }

  private static Functions functions(Path where) throws StartException {
    return new Functions(where, "cifar10", line -> {});
  }

  private static List<String> temporary() {
    return List.of("-Djava.io.tmpdir=" + data.resolve("tmp"));
  }

  /** DJL's own way on Lambda: TensorFlow's library comes out of its jar at each start. */
  private void addDjlDemo() throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(temporary());
    words.add("-Dorg.bytedeco.javacpp.cachedir=" + data.resolve("natives"));
    Path natives = Path.of(System.getProperty("local.trainer")).resolveSibling("lib");
    Path here = Path.of("").toAbsolutePath();
    words.add("-cp");
    words.add(
        "%s:%s:%s/*:%s/*"
            .formatted(
                here.resolve("target/test-classes"),
                here.resolve("bench/stock"),
                build.resolve("lib"),
                natives));
    words.add("io.pigeonhole.local.bench.StockStart");
    programs.put(
        "DJL's way: library out of its jar",
        () -> {
          Start start = start("classify", event, words, Map.of("TENSORFLOW_LIBRARY_PATH", ""));
          FileSystemUtils.deleteRecursively(data.resolve("natives"));
          return start;
        });
  }

  private void addPython() throws Exception {
    String python = System.getProperty("bench.python");
    if (python.isEmpty()) {
      return;
    }
    Path onnx = data.resolve("model.onnx");
    String graph = Path.of(BenchmarkPrograms.model(data), "saved_model.pb").toString();
    List<String> convert = List.of(python, "bench/convert.py", graph, onnx.toString());
    assertThat(new ProcessBuilder(convert).inheritIO().start().waitFor()).isZero();
    try (var client = S3Clients.at(s3.endpoint())) {
      client.putObject(
          put -> put.bucket(Buckets.MODELS).key("models/cifar10/model.onnx"),
          RequestBody.fromFile(onnx));
    }
    String script = Path.of("bench/start.py").toAbsolutePath().toString();
    add("Python, ONNX Runtime", List.of(python, script, "onnx"));
    add("Python, TensorFlow", List.of(python, script, "tensorflow"));
  }

  private void addFunction(String name, Functions functions) {
    add(name, functions.command(temporary()).words());
  }

  private void add(String name, List<String> command) {
    programs.put(name, () -> start("classify", event, command, Map.of()));
  }

  /** A message about an image that was not there before. */
  private static byte[] labelEvent() {
    try (var client = S3Clients.at(s3.endpoint())) {
      client.putObject(
          put -> put.bucket(Buckets.IMAGES).key(UUID.randomUUID() + ".jpg"),
          RequestBody.fromBytes(Scenes.jpeg("cat")));
    }
    return LabelAlone.batch(new S3Event(Clock.systemUTC()).of(uploads.removeLast()))
        .toString()
        .getBytes(UTF_8);
  }

  private static LambdaFunction function(
      String handler, List<String> command, Map<String, String> more) throws StartException {
    Map<String, String> environment = functions(build).environment(handler, s3.endpoint());
    environment.putAll(more);
    return new LambdaFunction(
        new LambdaFunction.Definition(
            handler, command, environment, build, Functions.CLASSIFY_TIMEOUT, 2048),
        line -> {});
  }

  private static Start start(
      String handler, byte[] event, List<String> command, Map<String, String> more)
      throws Exception {
    try (LambdaFunction function = function(handler, command, more)) {
      CompletableFuture<Outcome> answer = function.invoke(event);
      long begin = System.nanoTime();
      function.start();
      Outcome outcome = answer.get();
      double millis = (System.nanoTime() - begin) / 1e6;
      assertThat(outcome).as("%s: %s", command, outcome).isInstanceOf(Outcome.Responded.class);
      assertThat(new String(((Outcome.Responded) outcome).payload(), UTF_8))
          .containsPattern("\"statusCode\": ?200|\"batchItemFailures\":\\[]");
      try (Program program = new Running(function.process().orElseThrow())) {
        return new Start(millis, program.cpuMillis(), program.peakMegabytes());
      }
    }
  }

  /** One event, and then the end at which a JVM writes its cache. */
  private static void rehearse(String handler, List<String> command) throws Exception {
    try (LambdaFunction function = function(handler, command, Map.of())) {
      CompletableFuture<Outcome> answer =
          function.invoke(handler.equals("label") ? labelEvent() : event);
      function.start();
      answer.get();
      ProcessHandle process = function.process().orElseThrow();
      process.destroy();
      process.onExit().get(3, TimeUnit.MINUTES);
    }
  }

  private static void report(String benchmark, String what, Map<String, List<Start>> starts)
      throws IOException {
    Map<String, List<Object>> rows = new LinkedHashMap<>();
    starts.forEach(
        (name, measured) ->
            rows.put(
                name,
                List.of(
                    median(measured, Start::millis),
                    median(measured, Start::cpuMillis),
                    median(measured, Start::peakMegabytes))));
    BenchmarkPrograms.report(benchmark, OURS, List.of(what, "ms", "CPU ms", "peak MB"), rows);
  }

  private static double median(List<Start> starts, ToDoubleFunction<Start> figure) {
    return starts.stream().mapToDouble(figure).sorted().toArray()[starts.size() / 2];
  }

  /** A process that is only looked at. */
  private static final class Running extends Program {
    Running(ProcessHandle process) {
      super(process);
    }

    @Override
    public Measured measure(int count) throws IOException {
      throw new UnsupportedOperationException();
    }
  }
}
