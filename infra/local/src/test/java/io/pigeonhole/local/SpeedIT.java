package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.bench.Profile;
import io.pigeonhole.local.bench.Program;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * How fast the functions are beside their peers, in alternation: run with {@code -Pbench}; {@code
 * -Dbench.python=…} names a Python that has TensorFlow and ONNX Runtime.
 */
@Tag("bench")
class SpeedIT {
  private static final int ROUNDS = 5;
  private static final String HANDLER = "the handler";
  private static final String FUNCTION = "the function";
  private static final String CEILING = "decoding and network from memory: the ceiling";
  private static final String FLOAT32 = "the same in float32";

  /** With so little noise, a photo takes 0.8 MB. */
  private static final int SMOOTH = 0x0f0f0f;

  /** With so much, 2.9 MB: as much as those of telephones. */
  private static final int GRAINY = 0x3f3f3f;

  private static final Map<String, String> TENSORFLOWS_DEFAULT =
      Map.of("TF_ENABLE_ONEDNN_OPTS", "");

  @TempDir private static Path data;
  @AutoClose private static LabelAlone label;
  private static String model;

  @BeforeAll
  static void start() throws Exception {
    label = new LabelAlone(data, s3 -> s3);
    label.deliver();
    model = BenchmarkPrograms.model(data);
  }

  @Test
  void oneWarmImage() throws Exception {
    Path image = Files.write(data.resolve("image.jpg"), Scenes.jpeg("cat"));
    Path event =
        Files.writeString(
            data.resolve("event.json"), BenchmarkPrograms.event(Files.readAllBytes(image)));
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put(
        "decoding and a TensorFlow session, nothing else",
        program("RawCall", model, image.toString()));
    programs.put(HANDLER, program("HandlerCall", event.toString()));
    String python = System.getProperty("bench.python");
    if (!python.isEmpty()) {
      Map<String, String> engines = Map.of("TensorFlow", "tensorflow", "ONNX Runtime", "onnx");
      for (Map.Entry<String, String> engine : new TreeMap<>(engines).descendingMap().entrySet()) {
        programs.put(
            "Python, " + engine.getKey(),
            Program.start(
                List.of(python, "bench/handler.py", engine.getValue(), model, event.toString()),
                Map.of()));
      }
    }
    BenchmarkPrograms.report(
        "classify",
        List.of(HANDLER),
        List.of("`classify`, one 32×32 JPEG, warm", "ms", "CPU ms", "peak MB"),
        withoutS3(compare(programs, 200)));
  }

  private static Map<String, List<Object>> withoutS3(Map<String, List<Object>> rows) {
    rows.replaceAll((name, row) -> List.of(row.get(0), row.get(1), row.get(3)));
    return rows;
  }

  @Test
  void manyImages() throws Exception {
    Map<String, List<Object>> rows = new LinkedHashMap<>();
    many(Scenes.jpeg("cat"), 400)
        .forEach((name, small) -> rows.put(name, new ArrayList<>(small.subList(0, 3))));
    many(photo(SMOOTH), 40).forEach((name, photos) -> rows.get(name).addAll(photos.subList(0, 3)));
    many(photo(GRAINY), 40).forEach((name, photos) -> rows.get(name).addAll(photos));
    BenchmarkPrograms.report(
        "label",
        List.of(FUNCTION),
        List.of(
            "`label`, ms an image",
            "32×32",
            "CPU",
            "S3's CPU",
            "12 megapixels, 0.8 MB",
            "CPU",
            "S3's CPU",
            "12 megapixels, 2.9 MB",
            "CPU",
            "S3's CPU",
            "peak MB"),
        rows);
  }

  private static Map<String, List<Object>> many(byte[] image, int count) throws Exception {
    Path file = Files.write(data.resolve("many.jpg"), image);
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put(CEILING, ceiling(true, file));
    programs.put(FLOAT32, ceiling(false, file));
    programs.put(FUNCTION, labelFunction(image));
    programs.put(
        "an invocation an image, DJL's stock translator",
        BenchmarkPrograms.java(
            label.endpoint(),
            "StockLabel",
            TENSORFLOWS_DEFAULT,
            model,
            label.endpoint().toString(),
            "many/"));
    for (int i = 0; i < count; i++) {
      label.upload("many/" + i + ".jpg", image);
    }
    return compare(programs, count);
  }

  @Test
  void whereTheTimeGoes() throws Exception {
    Map<String, List<Object>> rows = new LinkedHashMap<>();
    profile("small", Scenes.jpeg("cat"), 400, rows);
    profile("photos", photo(GRAINY), 40, rows);
    BenchmarkPrograms.report(
        "profile",
        List.of(),
        List.of("`label`, CPU ms an image", "32×32", "12 megapixels, 2.9 MB"),
        rows);
  }

  /** What the function needs more than the ceiling, by what it is for. */
  private static void profile(String name, byte[] image, int count, Map<String, List<Object>> rows)
      throws Exception {
    Path file = Files.write(data.resolve("profiled.jpg"), image);
    Program function = labelFunction(image);
    List<Program.Measured> ceilings = new ArrayList<>();
    List<Program.Measured> functions = new ArrayList<>();
    try (Program ceiling = ceiling(true, file)) {
      ceiling.measure(count);
      function.measure(count);
      Map<String, Double> shares =
          Profile.of(
              label.function().process().orElseThrow(),
              Path.of("target", name + ".jfr"),
              () -> {
                for (int round = 0; round < ROUNDS; round++) {
                  ceilings.add(ceiling.measure(count));
                  functions.add(function.measure(count));
                }
                return null;
              });
      double below = median(ceilings, Program.Measured::cpuMillis);
      double all = median(functions, Program.Measured::cpuMillis);
      add(rows, CEILING, below);
      shares.forEach((part, share) -> add(rows, part, share * (all - below)));
      add(rows, "in all", all);
    }
  }

  private static void add(Map<String, List<Object>> rows, String name, double figure) {
    rows.computeIfAbsent(name, n -> new ArrayList<>()).add(figure);
  }

  /** The packaged function, with 100 events an invocation. */
  private static Program labelFunction(byte[] image) {
    return new Program(label.function().process().orElseThrow()) {
      private int round;

      @Override
      public Measured measure(int count) throws IOException, InterruptedException {
        List<ObjectNode> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          events.add(label.upload("ours/" + round + "/" + i + ".jpg", image));
        }
        round++;
        double cpu = cpuMillis();
        double own = ownCpuMillis();
        long start = System.nanoTime();
        for (int from = 0; from < count; from += 100) {
          List<ObjectNode> batch = events.subList(from, Math.min(count, from + 100));
          assertThat(label.deliver(batch.toArray(ObjectNode[]::new))).isEmpty();
        }
        double millis = (System.nanoTime() - start) / 1e6;
        return new Measured(
            millis / count, (cpuMillis() - cpu) / count, (ownCpuMillis() - own) / count);
      }
    };
  }

  /** Milliseconds, CPU milliseconds and the S3 server's of one, and the peak of megabytes. */
  private static Map<String, List<Object>> compare(Map<String, Program> programs, int count)
      throws Exception {
    Map<String, List<Program.Measured>> measured = new LinkedHashMap<>();
    for (int round = 0; round <= ROUNDS; round++) {
      for (Map.Entry<String, Program> program : programs.entrySet()) {
        Program.Measured figures = program.getValue().measure(count);
        if (round > 0) { // the first one warms up
          measured.computeIfAbsent(program.getKey(), name -> new ArrayList<>()).add(figures);
        }
      }
    }
    Map<String, List<Object>> rows = new LinkedHashMap<>();
    for (Map.Entry<String, Program> program : programs.entrySet()) {
      List<Program.Measured> figures = measured.get(program.getKey());
      rows.put(
          program.getKey(),
          List.of(
              median(figures, Program.Measured::millis),
              median(figures, Program.Measured::cpuMillis),
              median(figures, Program.Measured::s3CpuMillis),
              program.getValue().peakMegabytes()));
      program.getValue().close();
    }
    return rows;
  }

  private static double median(
      List<Program.Measured> measured, ToDoubleFunction<Program.Measured> figure) {
    return measured.stream().mapToDouble(figure).sorted().toArray()[measured.size() / 2];
  }

  private static Program program(String name, String... arguments) throws Exception {
    return BenchmarkPrograms.java(label.endpoint(), name, Map.of(), arguments);
  }

  private static Program ceiling(boolean bfloat16, Path image) throws Exception {
    return program("Ceiling", model, Boolean.toString(bfloat16), image.toString());
  }

  /**
   * As large as a telephone's.
   *
   * @param grain the bits of each colour that are noise
   */
  private static byte[] photo(int grain) {
    BufferedImage scene = Scenes.draw("cat", 4000).getSubimage(0, 0, 4000, 3000);
    BufferedImage photo = new BufferedImage(4000, 3000, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int y = 0; y < 3000; y++) {
      for (int x = 0; x < 4000; x++) {
        photo.setRGB(x, y, (scene.getRGB(x, y) & ~grain) | (random.nextInt() & grain));
      }
    }
    return Scenes.encode(photo, "jpeg");
  }
}
