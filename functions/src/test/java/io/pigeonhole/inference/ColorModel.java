package io.pigeonhole.inference;

import io.pigeonhole.image.Resize;
import io.pigeonhole.model.Calibration;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.model.Output;
import io.pigeonhole.model.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TNumber;

/**
 * A real, if simple, network: it tells whether an image is rather red, green or blue; and, if it is
 * asked for, that an image is the more novel, the darker its brightest colour is.
 */
public final class ColorModel {
  static final String NAME = "colors";

  private final Path bucket;
  private final ModelRepository repository;
  private Instant time = Instant.parse("2026-01-01T00:00:00Z");

  /** Publishes into a models bucket that is a folder. */
  public ColorModel(Path bucket) {
    new TensorFlowEngine().await();
    this.bucket = bucket;
    this.repository = new ModelRepository(new FolderModelStore(bucket), NAME);
  }

  /** Publishes into a models bucket that is a folder, versions newer than a time. */
  public ColorModel(Path bucket, Instant time) {
    this(bucket);
    this.time = time;
  }

  /** What is wrong with a network. */
  enum Fault {
    NONE,
    READS_A_FILE,
    ANSWERS_NO_NUMBERS,
    ANSWERS_LOGITS,
    NEEDS_FLOAT32,
    HAS_NO_NUMBER_FOR_NOVELTY,
    HAS_NOVELTY_ABOVE_1,
    HAS_NOVELTY_BELOW_0,
    HAS_NOVELTY_IN_COLUMNS
  }

  /**
   * A network.
   *
   * @param labels of red, green and blue, in this order
   * @param input what the graph takes
   * @param output the key of the answer in the signature
   * @param novelty that of the novelty
   * @param level above which images are unknown
   * @param probes the answers to the probe images that the manifest has
   */
  record Spec(
      List<String> labels,
      Input input,
      String output,
      Optional<String> novelty,
      double level,
      Fault fault,
      List<List<Double>> probes) {
    static final Spec STANDARD =
        new Spec(
            List.of("red", "green", "blue"),
            Input.uint8("images", 8, 8, 3, Resize.STRETCH),
            "probabilities",
            Optional.empty(),
            0.9,
            Fault.NONE,
            List.of());

    Spec labels(String... names) {
      return new Spec(List.of(names), input, output, novelty, level, fault, probes);
    }

    Spec input(Input other) {
      return new Spec(labels, other, output, novelty, level, fault, probes);
    }

    Spec output(String other) {
      return new Spec(labels, input, other, novelty, level, fault, probes);
    }

    Spec novelty(String key, double unknownAbove) {
      return new Spec(labels, input, output, Optional.of(key), unknownAbove, fault, probes);
    }

    Spec fault(Fault other) {
      return new Spec(labels, input, output, novelty, level, other, probes);
    }

    Spec probes(List<List<Double>> other) {
      return new Spec(labels, input, output, novelty, level, fault, other);
    }
  }

  /** Publishes the standard network and puts it into service. */
  public Manifest standard() throws Exception {
    return inService(Spec.STANDARD, Spec.STANDARD);
  }

  /**
   * Publishes the standard network that also says how novel images are, and puts it into service.
   *
   * @param level above which they are unknown
   */
  public Manifest withNovelty(double level) throws Exception {
    return inService(Spec.STANDARD.novelty("novelty", level));
  }

  /** Publishes the standard network. */
  public Manifest published() throws Exception {
    return published(Spec.STANDARD, Spec.STANDARD);
  }

  /** Publishes a network and puts it into service. */
  Manifest inService(Spec spec) throws Exception {
    return inService(spec, spec);
  }

  /** Publishes a network that its manifest describes as another, and puts it into service. */
  Manifest inService(Spec real, Spec described) throws Exception {
    Manifest manifest = published(real, described);
    promote(manifest);
    return manifest;
  }

  private Manifest published(Spec real, Spec described) throws Exception {
    Path folder = Files.createTempDirectory(bucket, "exported-");
    export(real, folder);
    Manifest manifest = describe(described, folder);
    repository.publish(manifest, folder);
    return manifest;
  }

  void promote(Manifest manifest) throws Exception {
    repository.promote(manifest.version(), (candidate, current) -> Optional.empty());
  }

  ModelRepository repository() {
    return repository;
  }

  /** Where the graph of a version is. */
  Path savedModel(Manifest manifest) {
    return bucket.resolve("models/" + NAME + "/" + manifest.version() + "/saved_model.pb");
  }

  private Manifest describe(Spec spec, Path folder) throws IOException {
    ModelFile file = ModelFile.of(folder, folder.resolve(Manifest.SAVED_MODEL));
    time = time.plusSeconds(1);
    return new Manifest(
        NAME,
        ModelVersion.of(time, file.sha256()),
        time,
        List.of(file),
        spec.labels(),
        spec.input(),
        new Output(spec.output(), spec.novelty()),
        new Calibration(
            1,
            0.6,
            0.95,
            0.9,
            spec.novelty().isPresent() ? OptionalDouble.of(spec.level()) : OptionalDouble.empty()),
        new Metrics(0.9, 0.3, 0.01, OptionalDouble.empty(), Map.of(), List.of()),
        spec.probes(),
        new Training("test", "none", "0".repeat(64), 1, 1, 1, 1, "CPU", "2.18.0"));
  }

  private static void export(Spec spec, Path folder) throws IOException {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Input input = spec.input();
      Shape shape = Shape.of(-1, input.height(), input.width(), input.channels());
      Placeholder<? extends TNumber> images =
          input.dtype() == Input.Dtype.UINT8
              ? tf.placeholder(TUint8.class, Placeholder.shape(shape))
              : tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      Signature.Builder signature =
          Signature.builder("serving_default")
              .input(input.tensor(), images)
              .output(spec.output(), answer(tf, images, spec));
      spec.novelty().ifPresent(key -> signature.output(key, novelty(tf, images, spec)));
      SavedModelBundle.exporter(folder.toString())
          .withTags("serve")
          .withSession(session)
          .withSignature(signature.build())
          .export();
    }
  }

  private static Operand<TFloat32> answer(Ops tf, Operand<? extends TNumber> images, Spec spec) {
    Operand<TFloat32> logits =
        tf.linalg.matMul(
            means(tf, images, spec),
            tf.constant(weights(spec.input().channels(), spec.labels().size())));
    if (spec.fault() == Fault.NEEDS_FLOAT32) {
      logits = differences(tf, means(tf, images, spec));
    }
    if (spec.fault() == Fault.READS_A_FILE) {
      Op read = tf.io.readFile(tf.constant("/etc/hostname"));
      logits = tf.withControlDependencies(List.of(read)).identity(logits);
    }
    if (spec.fault() == Fault.ANSWERS_NO_NUMBERS) {
      logits = tf.math.div(logits, tf.constant(0f));
    }
    return spec.fault() == Fault.ANSWERS_LOGITS ? logits : tf.nn.softmax(logits);
  }

  /** The same, as the differences that a convolution makes of numbers a thousand times as large. */
  private static Operand<TFloat32> differences(Ops tf, Operand<TFloat32> means) {
    Operand<TFloat32> twice = tf.concat(List.of(means, means), tf.constant(1));
    float[][] kernel = new float[6][3];
    for (int i = 0; i < 3; i++) {
      kernel[i][i] = 10010;
      kernel[i + 3][i] = -10000;
    }
    Operand<TFloat32> convolved =
        tf.nn.conv2d(
            tf.reshape(twice, tf.constant(new int[] {-1, 1, 1, 6})),
            tf.constant(new float[][][][] {{kernel}}),
            List.of(1L, 1L, 1L, 1L),
            "VALID");
    return tf.reshape(convolved, tf.constant(new int[] {-1, 3}));
  }

  private static Operand<TFloat32> novelty(Ops tf, Operand<? extends TNumber> images, Spec spec) {
    Operand<TFloat32> novelty =
        tf.math.sub(
            tf.constant(1f), tf.reduceMax(means(tf, images, spec), tf.constant(new int[] {1})));
    return switch (spec.fault()) {
      case HAS_NO_NUMBER_FOR_NOVELTY -> tf.math.div(tf.zerosLike(novelty), tf.zerosLike(novelty));
      case HAS_NOVELTY_ABOVE_1 -> tf.math.add(novelty, tf.constant(1.5f));
      case HAS_NOVELTY_BELOW_0 -> tf.math.sub(novelty, tf.constant(1.5f));
      case HAS_NOVELTY_IN_COLUMNS -> tf.expandDims(novelty, tf.constant(1));
      default -> novelty;
    };
  }

  /** Of each image, how bright each channel is, 0 to 1. */
  private static Operand<TFloat32> means(Ops tf, Operand<? extends TNumber> images, Spec spec) {
    Operand<TFloat32> pixels = tf.dtypes.cast(images, TFloat32.class);
    float full =
        spec.input().dtype() == Input.Dtype.UINT8 ? 255 : (float) (255 * spec.input().scale());
    return tf.math.div(tf.math.mean(pixels, tf.constant(new int[] {1, 2})), tf.constant(full));
  }

  private static float[][] weights(int channels, int classes) {
    float[][] weights = new float[channels][classes];
    for (int i = 0; i < Math.min(channels, classes); i++) {
      weights[i][i] = 10;
    }
    return weights;
  }
}
