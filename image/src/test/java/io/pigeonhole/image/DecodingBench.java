package io.pigeonhole.image;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.DecodeImage;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Compares the decoder with TensorFlow's op alone and with ImageIO, in alternation, and one thread
 * with many ({@code mvn -Pbench-images -pl image verify}). Prints a table of medians.
 */
public final class DecodingBench {
  private static final int SIDE = 32;
  private static final long NANOS_A_ROW = 3_000_000_000L;

  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
  private final Graph graph = new Graph();
  private final Output<TString> contents;
  private final Output<TUint8> image;
  private final Session session;

  private DecodingBench() {
    Ops tf = Ops.create(graph);
    contents = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar())).output();
    image = tf.image.decodeImage(contents, TUint8.class, DecodeImage.channels(3L)).image();
    session = new Session(graph);
  }

  public static void main(String[] args) throws Exception {
    DecodingBench bench = new DecodingBench();
    System.out.println("| image | bytes | whole, ms | for 32x32, ms | op alone | ImageIO |");
    System.out.println("|---|---|---|---|---|---|");
    for (String format : List.of("jpg", "png", "bmp", "gif")) {
      bench.row("4000x3000 " + format, Samples.write(Samples.scene(4000, 3000), format));
    }
    bench.row("1920x1080 jpg", Samples.write(Samples.scene(1920, 1080), "jpg"));
    byte[] small = Samples.write(Samples.scene(SIDE, SIDE), "jpg");
    bench.row("32x32 jpg", small);
    bench.row("32x32 png", Samples.write(Samples.scene(SIDE, SIDE), "png"));
    bench.threads("1920x1080 jpg", Samples.write(Samples.scene(1920, 1080), "jpg"));
  }

  private void row(String name, byte[] bytes) throws Exception {
    List<Callable<?>> ways =
        List.of(
            () -> decoder.decode(bytes),
            () -> decoder.decode(bytes, SIDE, SIDE),
            () -> op(bytes),
            () -> ImageIO.read(new ByteArrayInputStream(bytes)));
    double[] medians = medians(ways);
    System.out.printf(
        "| %s | %d | %.3f | %.3f | %.3f (x %.2f) | %.3f (x %.2f) |%n",
        name,
        bytes.length,
        medians[0],
        medians[1],
        medians[2],
        medians[2] / medians[0],
        medians[3],
        medians[3] / medians[0]);
  }

  private int op(byte[] bytes) {
    try (TString input = TString.tensorOfBytes(NdArrays.scalarOfObject(bytes));
        Result result = session.runner().feed(contents, input).fetch(image).run()) {
      return result.get(0).shape().numDimensions();
    }
  }

  private static double[] medians(List<Callable<?>> ways) throws Exception {
    List<List<Double>> times = new ArrayList<>();
    for (Callable<?> way : ways) {
      way.call();
      times.add(new ArrayList<>());
    }
    long end = System.nanoTime() + NANOS_A_ROW;
    while (System.nanoTime() < end || times.get(0).size() < 5) {
      for (int i = 0; i < ways.size(); i++) {
        long start = System.nanoTime();
        ways.get(i).call();
        times.get(i).add((System.nanoTime() - start) / 1e6);
      }
    }
    return times.stream()
        .mapToDouble(each -> each.stream().sorted().skip(each.size() / 2).findFirst().orElseThrow())
        .toArray();
  }

  private void threads(String name, byte[] bytes) throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    double[] perSecond = new double[2];
    int[] counts = {1, cores};
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < counts.length; i++) {
        perSecond[i] = Math.max(perSecond[i], imagesPerSecond(counts[i], bytes));
      }
    }
    System.out.printf(
        "%n%s for 32x32: %.0f images/s on 1 thread, %.0f on %d (x %.2f)%n",
        name, perSecond[0], perSecond[1], cores, perSecond[1] / perSecond[0]);
  }

  private double imagesPerSecond(int count, byte[] bytes) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    long start = System.nanoTime();
    Callable<Integer> work =
        () -> {
          int done = 0;
          while (System.nanoTime() - start < NANOS_A_ROW / 2) {
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
