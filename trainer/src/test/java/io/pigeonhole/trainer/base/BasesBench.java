package io.pigeonhole.trainer.base;

import com.sun.management.OperatingSystemMXBean;
import io.pigeonhole.model.Processor;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TUint8;

/**
 * How long a core needs for an image with each base that is known by name. The weights are random:
 * it takes as long. Argument: the folder for the figures, or nothing for none.
 */
final class BasesBench {
  private static final int IMAGES = 32;
  private static final int ROUNDS = 11;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private BasesBench() {}

  public static void main(String[] args) throws IOException {
    Processor processor = Processor.ofThisMachine();
    List<String> lines = new ArrayList<>();
    lines.add("# processor: %s, one of its cores".formatted(processor.description()));
    lines.add("# date: " + LocalDate.now(ZoneOffset.UTC));
    lines.add(
        "# versions: Java %d, TensorFlow %s"
            .formatted(Runtime.version().feature(), TensorFlow.version()));
    lines.add(",\"ms an image, 32 at once\",\"ms an image, one at a time\"");
    for (KnownBase known : KnownBase.all()) {
      BaseGraph base = known.architecture().build(new PseudoRandomWeights());
      lines.add(
          String.format(
              Locale.ROOT,
              "`%s`,%.1f,%.1f",
              known.name(),
              milliseconds(base, IMAGES),
              milliseconds(base, 1)));
      System.out.println(lines.get(lines.size() - 1));
    }
    if (args.length > 0 && !args[0].isEmpty()) {
      Files.write(Path.of(args[0], "bases-" + processor.fileName() + ".csv"), lines);
    }
  }

  /** Of processor time, for other processes may run beside; the median. */
  private static double milliseconds(BaseGraph base, int batch) {
    ConfigProto one =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(1)
            .build();
    Shape shape = Shape.of(batch, base.size(), base.size(), 3);
    byte[] images = new byte[Math.toIntExact(shape.size())];
    Arrays.fill(images, (byte) 100);
    double[] measured = new double[ROUNDS];
    try (Graph graph = new Graph()) {
      graph.importGraphDef(base.graph());
      try (Session session = new Session(graph, one);
          TUint8 fed = TUint8.tensorOf(shape, DataBuffers.of(images))) {
        for (int round = -2; round < ROUNDS; round++) { // the first ones warm up
          long before = SYSTEM.getProcessCpuTime();
          for (int done = 0; done < IMAGES; done += batch) {
            session.runner().feed(base.images(), fed).fetch(base.features()).run().close();
          }
          measured[Math.max(round, 0)] = (SYSTEM.getProcessCpuTime() - before) / 1e6 / IMAGES;
        }
      }
    }
    return Arrays.stream(measured).sorted().toArray()[ROUNDS / 2];
  }
}
