package io.pigeonhole.trainer.evaluation;

import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.model.Answer;
import io.pigeonhole.model.GraphPolicy;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.OtherAnswersException;
import io.pigeonhole.model.Output;
import io.pigeonhole.model.ProbeAnswers;
import io.pigeonhole.model.ProbeImages;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Gpus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.SessionFunction;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * An exported SavedModel, used as the functions use it: also where there are GPUs, which round
 * products to ten bits, the processor computes it.
 */
public final class Classifier implements AutoCloseable {

  private static final int MOST = 128;

  /** Pixels that are classified at a time, so that large images do not take large memory. */
  private static final int PIXELS = 1 << 21;

  private final Input input;
  private final Output output;
  private final int classes;
  private final SavedModelBundle bundle;
  private final SessionFunction serving;

  private Classifier(Input input, Output output, int classes, SavedModelBundle bundle) {
    this.input = input;
    this.output = output;
    this.classes = classes;
    this.bundle = bundle;
    this.serving = bundle.function("serving_default");
  }

  /**
   * Loads a model and asks it for its probe images, if the manifest has the answers.
   *
   * @param folder with {@code saved_model.pb}
   * @throws OtherAnswersException if the answers here are others
   * @throws ModelRefusedException if the graph contains what a classifier does not need
   */
  public static Classifier load(Manifest manifest, Path folder)
      throws IOException, ModelRefusedException {
    Classifier classifier =
        load(manifest.input(), manifest.output(), manifest.classes().size(), folder);
    if (manifest.probes().isEmpty()) {
      return classifier;
    }
    try {
      ProbeAnswers.check(manifest, classifier.probes());
      return classifier;
    } catch (OtherAnswersException | RuntimeException e) {
      classifier.close();
      throw e;
    }
  }

  /**
   * Loads a model that has no manifest yet.
   *
   * @param classes their number
   * @param folder with {@code saved_model.pb}
   * @throws ModelRefusedException if the graph contains what a classifier does not need
   */
  public static Classifier load(Input input, Output output, int classes, Path folder)
      throws IOException, ModelRefusedException {
    GraphPolicy.check(folder.resolve(Manifest.SAVED_MODEL));
    SavedModelBundle bundle =
        SavedModelBundle.loader(folder.toString())
            .withTags("serve")
            .withConfigProto(Gpus.none())
            .load();
    return new Classifier(input, output, classes, bundle);
  }

  /** What it answers the probe images, {@code [images][classes]}. */
  public float[][] probes() {
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    ProbeImages.of(input.height(), input.width())
        .forEach(image -> pixels.writeBytes(input.pixels(image)));
    return probabilities(pixels.toByteArray());
  }

  /**
   * Classifies images.
   *
   * @return {@code [images][classes]}
   */
  public float[][] probabilities(Images images) {
    return answers(images).stream().map(Answer::probabilities).toArray(float[][]::new);
  }

  /**
   * What the network says about images.
   *
   * @throws IllegalArgumentException if they are of another size than it takes
   */
  public List<Answer> answers(Images images) {
    if (input.height() != images.size()
        || input.width() != images.size()
        || input.channels() != Images.CHANNELS) {
      throw new IllegalArgumentException(
          "the model takes images of %d×%d×%d, these have %d×%d×%d"
              .formatted(
                  input.height(),
                  input.width(),
                  input.channels(),
                  images.size(),
                  images.size(),
                  Images.CHANNELS));
    }
    List<Answer> all = new ArrayList<>();
    int batch = Math.max(1, Math.min(MOST, PIXELS / (input.height() * input.width())));
    for (int from = 0; from < images.count(); from += batch) {
      int to = Math.min(images.count(), from + batch);
      all.addAll(answers(images.read(from, to)));
    }
    return all;
  }

  /**
   * Classifies images.
   *
   * @param pixels whole images, {@code [n, height, width, channels]}, 0..255
   * @return {@code [n][classes]}
   */
  public float[][] probabilities(byte[] pixels) {
    return answers(pixels).stream().map(Answer::probabilities).toArray(float[][]::new);
  }

  /**
   * What the network says about images.
   *
   * @param pixels whole images, {@code [n, height, width, channels]}, 0..255
   */
  public List<Answer> answers(byte[] pixels) {
    int bytes = input.height() * input.width() * input.channels();
    int count = pixels.length / bytes;
    Shape shape = Shape.of(count, input.height(), input.width(), input.channels());
    try (Tensor fed = tensor(shape, pixels);
        Result result = serving.call(Map.of(input.tensor(), fed))) {
      FloatDataBuffer probabilities = floats(result, output.tensor());
      Optional<FloatDataBuffer> novelties = output.novelty().map(key -> floats(result, key));
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int image = i;
        float[] row = new float[classes];
        probabilities.offset((long) image * classes).read(row);
        answers.add(new Answer(row, novelties.map(novelty -> novelty.getFloat(image))));
      }
      return answers;
    }
  }

  private static FloatDataBuffer floats(Result result, String key) {
    TFloat32 tensor =
        (TFloat32)
            result
                .get(key)
                .orElseThrow(
                    () -> new IllegalStateException("the network has no output '" + key + "'"));
    return tensor.asRawTensor().data().asFloats();
  }

  /**
   * What the network says about an image file, decoded and resized as the functions do it.
   *
   * @throws UndecodableImageException if the bytes give no pixels
   */
  public Answer answer(ImageDecoder decoder, byte[] file) throws UndecodableImageException {
    Pixels image = decoder.decode(file, input.width(), input.height());
    return answers(input.pixels(image)).get(0);
  }

  private Tensor tensor(Shape shape, byte[] pixels) {
    if (input.dtype() == Input.Dtype.UINT8) {
      return TUint8.tensorOf(shape, DataBuffers.of(pixels));
    }
    float[] scaled = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      scaled[i] = (float) ((pixels[i] & 0xff) * input.scale());
    }
    return TFloat32.tensorOf(shape, DataBuffers.of(scaled));
  }

  @Override
  public void close() {
    bundle.close();
  }
}
