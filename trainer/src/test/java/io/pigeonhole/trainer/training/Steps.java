package io.pigeonhole.trainer.training;

import com.sun.management.OperatingSystemMXBean;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.data.LabeledImages;
import io.pigeonhole.trainer.network.Batch;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.recipe.Form;
import io.pigeonhole.trainer.recipe.Layer;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The steps of a recipe at its full image size, as the trainer takes them, input included. Each
 * line of input, a number of steps, is answered with {@code measured}, the images a second, the
 * images a second of processor time, the part of the time, 0 to 1, in which a step waited for its
 * images, and the floating-point operations of multiplications a second of processor time.
 * Arguments: recipe and precision.
 */
final class Steps {
  private static final int IMAGES = 10_240;
  private static final double FOR_EVER = 1;

  private Steps() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Recipe recipe =
        ShippedRecipes.all().stream().filter(r -> r.name().equals(args[0])).findFirst().get();
    LabeledImages images = noise(recipe.size());
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    Recipe endless = recipe.withEpochs(Integer.MAX_VALUE);
    try (TrainingGraph graph = new TrainingGraph(recipe, images, Precision.valueOf(args[1]), 1, 0);
        BatchStream stream =
            new BatchStream(endless, size -> images, IMAGES / recipe.batch(), 1, 0)) {
      long number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int steps = Integer.parseInt(line);
        long waited = 0;
        double cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        for (int i = 0; i < steps; i++) {
          long asked = System.nanoTime();
          try (Batch batch = stream.next()) {
            waited += System.nanoTime() - asked;
            graph.step(batch, number++, FOR_EVER);
          }
        }
        double nanos = System.nanoTime() - start;
        double seconds = nanos / 1e9;
        double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
        System.out.printf(
            Locale.ROOT,
            "measured %.1f %.1f %.4f %.0f%n",
            steps * recipe.batch() / seconds,
            steps * recipe.batch() / cpuSeconds,
            waited / nanos,
            steps * recipe.batch() / cpuSeconds * operations(recipe.forClasses(10)));
      }
    }
  }

  /**
   * Of an image: forward, and back to the kernels and, but for the first, to what they were given.
   */
  private static double operations(Recipe recipe) {
    Form form = Form.image(recipe.size(), recipe.channels());
    double sum = 0;
    boolean first = true;
    for (Layer layer : recipe.layers()) {
      double once = 0;
      if (layer instanceof Layer.Conv conv) {
        Layer unpooled =
            new Layer.Conv(
                conv.filters(),
                conv.size(),
                conv.padding(),
                conv.stride(),
                1,
                false,
                false,
                conv.activation());
        once = (double) form.after(unpooled).values() * conv.size() * conv.size() * form.channels();
      } else if (layer instanceof Layer.Dense dense) {
        once = (double) form.values() * dense.units();
      }
      sum += once * (first ? 2 : 3);
      first &= once == 0;
      form = form.after(layer);
    }
    return 2 * sum;
  }

  private static LabeledImages noise(int size) {
    Random random = new Random(1);
    byte[] pixels = new byte[IMAGES * size * size * Images.CHANNELS];
    random.nextBytes(pixels);
    int[] labels = random.ints(IMAGES, 0, 10).toArray();
    return new LabeledImages(
        IntStream.range(0, 10).mapToObj(i -> "class" + i).toList(),
        size,
        ByteBuffer.wrap(pixels),
        labels);
  }
}
