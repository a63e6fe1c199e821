package io.pigeonhole.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Compares the decoder with Pillow on every format, in alternation, and one thread with many
 * ({@code mvn -Pbench-images -pl image verify}). Prints a table of medians, and of the memory that
 * the decoder sets aside. HEIC and AVIF take part where {@code heif-enc} is.
 */
public final class DecodingBench {
  private static final int WIDTH = 2000;
  private static final int HEIGHT = 1500;
  private static final double MEGAPIXELS = WIDTH * HEIGHT / 1e6;
  private static final int SIDE = 32;
  private static final int ROUNDS = 15;
  private static final long NANOS_OF_THREADS = 1_500_000_000L;

  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
  private final Optional<Pillow> pillow;

  private DecodingBench(Optional<Pillow> pillow) {
    this.pillow = pillow;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("images");
    DecodingBench bench = new DecodingBench(Pillow.start(args.length > 0 ? args[0] : "python3"));
    System.out.println(
        "| image | KiB | ms a megapixel | for 32x32 | Pillow | heap, bytes a pixel | outside |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Path file : files(folder)) {
      bench.row(file);
    }
    bench.pillow.ifPresent(Pillow::close);
    bench.threads(Samples.write(Samples.scene(1920, 1080), "jpg"));
  }

  private static List<Path> files(Path folder) throws Exception {
    BufferedImage scene = Samples.scene(WIDTH, HEIGHT);
    List<Path> files = new ArrayList<>();
    for (String format : List.of("jpg", "png", "bmp", "gif", "tif")) {
      files.add(Files.write(folder.resolve("plain." + format), Samples.write(scene, format)));
    }
    files.add(webp(scene, "Lossy", folder.resolve("lossy.webp")));
    files.add(webp(scene, "Lossless", folder.resolve("lossless.webp")));
    Path png = folder.resolve("plain.png");
    heif(png, folder.resolve("plain.heic")).ifPresent(files::add);
    heif(png, folder.resolve("plain.avif"), "-A").ifPresent(files::add);
    return files;
  }

  private static Path webp(BufferedImage scene, String kind, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("webp").next();
    ImageWriteParam how = writer.getDefaultWriteParam();
    how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    how.setCompressionType(kind);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new javax.imageio.IIOImage(scene, null, null), how);
    } finally {
      writer.dispose();
    }
    return file;
  }

  private static Optional<Path> heif(Path png, Path file, String... options)
      throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("heif-enc", png.toString(), "-o", "" + file));
    command.addAll(List.of(options));
    try {
      ProcessBuilder encoder = new ProcessBuilder(command);
      encoder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
      return encoder.start().waitFor() == 0 ? Optional.of(file) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void row(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    double[] whole = new double[ROUNDS];
    double[] small = new double[ROUNDS];
    double[] others = new double[ROUNDS];
    decoder.decode(bytes);
    for (int i = 0; i < ROUNDS; i++) {
      whole[i] = millis(() -> decoder.decode(bytes));
      small[i] = millis(() -> decoder.decode(bytes, SIDE, SIDE));
      others[i] = pillow.isPresent() ? pillow.get().millis(file) : Double.NaN;
    }
    Memory memory = ImageFormats.open(bytes, ImageLimits.DEFAULT).memory(Wanted.ALL);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.1f | %.1f | %.1f | %.1f | %.1f |%n",
        file.getFileName(),
        bytes.length / 1024,
        median(whole) / MEGAPIXELS,
        median(small) / MEGAPIXELS,
        median(others) / MEGAPIXELS,
        memory.heap() / (1e6 * MEGAPIXELS),
        memory.outside() / (1e6 * MEGAPIXELS));
  }

  private static double millis(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    java.util.Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private void threads(byte[] bytes) throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    double[] perSecond = new double[2];
    int[] counts = {1, cores};
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < counts.length; i++) {
        perSecond[i] = Math.max(perSecond[i], imagesPerSecond(counts[i], bytes));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%n1920x1080 jpg for 32x32: %.0f images/s on 1 thread, %.0f on %d (x %.2f)%n",
        perSecond[0],
        perSecond[1],
        cores,
        perSecond[1] / perSecond[0]);
  }

  private double imagesPerSecond(int count, byte[] bytes) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    long start = System.nanoTime();
    Callable<Integer> work =
        () -> {
          int done = 0;
          while (System.nanoTime() - start < NANOS_OF_THREADS) {
            decoder.decode(bytes, SIDE, SIDE);
            done++;
          }
          return done;
        };
    int images = 0;
    for (Future<Integer> done : threads.invokeAll(Collections.nCopies(count, work))) {
      images += done.get();
    }
    threads.shutdown();
    return images / ((System.nanoTime() - start) / 1e9);
  }
}
