package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.bench.Program;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
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
  private static final String OURS = "ours";

  @TempDir private static Path data;
  private static LabelAlone label;
  private static String model;

  @BeforeAll
  static void start() throws Exception {
    label = new LabelAlone(data, s3 -> s3);
    label.deliver();
    model = BenchmarkPrograms.model(data);
  }

  @AfterAll
  static void stop() {
    label.close();
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
    programs.put(OURS, program("HandlerCall", event.toString()));
    String python = System.getProperty("bench.python");
    if (!python.isEmpty()) {
      for (String engine : List.of("tensorflow", "onnx")) {
        programs.put(
            "Python, " + engine,
            Program.start(
                List.of(python, "bench/handler.py", engine, model, event.toString()), Map.of()));
      }
    }
    compare("classify, one 32x32 JPEG, warm", programs, 200);
  }

  @Test
  void manySmallImages() throws Exception {
    many("label, 32x32 JPEG", Scenes.jpeg("cat"), 400);
  }

  @Test
  void manyPhotos() throws Exception {
    many("label, 12-megapixel JPEG", photo(), 40);
  }

  private static void many(String title, byte[] image, int count) throws Exception {
    Path file = Files.write(data.resolve("many.jpg"), image);
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put(
        "decoding and TensorFlow from memory (the ceiling)",
        program("Ceiling", model, file.toString()));
    programs.put(OURS, labelFunction(image));
    programs.put(
        "an invocation an image, DJL's stock translator",
        program("StockLabel", model, label.endpoint().toString(), "many/"));
    for (int i = 0; i < count; i++) {
      label.upload("many/" + i + ".jpg", image);
    }
    compare(title, programs, count);
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
        long start = System.nanoTime();
        for (int from = 0; from < count; from += 100) {
          List<ObjectNode> batch = events.subList(from, Math.min(count, from + 100));
          assertThat(label.deliver(batch.toArray(ObjectNode[]::new))).isEmpty();
        }
        double millis = (System.nanoTime() - start) / 1e6;
        return new Measured(millis / count, (cpuMillis() - cpu) / count);
      }
    };
  }

  private static void compare(String title, Map<String, Program> programs, int count)
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
    double ours = median(measured.get(OURS), Program.Measured::millis);
    System.out.println(
        "| %s | ms an image | times ours | CPU ms an image | peak MB |".formatted(title));
    System.out.println("|---|---|---|---|---|");
    for (Map.Entry<String, Program> program : programs.entrySet()) {
      List<Program.Measured> figures = measured.get(program.getKey());
      double millis = median(figures, Program.Measured::millis);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f | %.2f | %.2f | %d |%n",
          program.getKey(),
          millis,
          millis / ours,
          median(figures, Program.Measured::cpuMillis),
          program.getValue().peakMegabytes());
      program.getValue().close();
    }
  }

  private static double median(
      List<Program.Measured> measured, ToDoubleFunction<Program.Measured> figure) {
    return measured.stream().mapToDouble(figure).sorted().toArray()[measured.size() / 2];
  }

  private static Program program(String name, String... arguments) throws Exception {
    return BenchmarkPrograms.java(label.endpoint(), name, Map.of(), arguments);
  }

  /** As large as a telephone's, and as hard to compress. */
  private static byte[] photo() {
    BufferedImage scene = Scenes.draw("cat", 4000).getSubimage(0, 0, 4000, 3000);
    BufferedImage photo = new BufferedImage(4000, 3000, BufferedImage.TYPE_INT_RGB);
    Random grain = new Random(1);
    for (int y = 0; y < 3000; y++) {
      for (int x = 0; x < 4000; x++) {
        photo.setRGB(x, y, (scene.getRGB(x, y) & 0xf0f0f0) | (grain.nextInt() & 0x0f0f0f));
      }
    }
    return Scenes.encode(photo, "jpeg");
  }
}
