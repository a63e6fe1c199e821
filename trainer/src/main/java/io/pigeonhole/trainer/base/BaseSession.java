package io.pigeonhole.trainer.base;

import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.recipe.BaseGraph;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** A base that can be asked for features. */
public final class BaseSession implements AutoCloseable {

  private static final int CHANNELS = 3;

  private final BaseGraph base;
  private final Graph graph = new Graph();
  private final Session session;

  /**
   * Loads a base.
   *
   * @throws ModelRefusedException if TensorFlow does not take its graph
   */
  public BaseSession(BaseGraph base) throws ModelRefusedException {
    this.base = base;
    try {
      graph.importGraphDef(base.graph());
      this.session = new Session(graph);
    } catch (TensorFlowException | IllegalArgumentException e) {
      graph.close();
      throw new ModelRefusedException(
          "TensorFlow does not take its graph: " + SavedModelImport.firstLine(e), e);
    }
  }

  /**
   * The features of images.
   *
   * @param pixels whole images, {@code [n, size, size, 3]}, 0 to 255
   * @param size side in pixels
   * @return {@code float32 [n, count]}, row-major
   * @throws TensorFlowException if an op of the graph fails on them
   */
  public float[] features(byte[] pixels, int size) {
    int count = pixels.length / (size * size * CHANNELS);
    Shape shape = Shape.of(count, size, size, CHANNELS);
    try (TUint8 fed = TUint8.tensorOf(shape, DataBuffers.of(pixels));
        Result result = session.runner().feed(base.images(), fed).fetch(base.features()).run()) {
      if (!(result.get(0) instanceof TFloat32 answer)
          || answer.shape().numDimensions() != 2
          || answer.shape().get(0) != count) {
        throw new IllegalArgumentException(
            "the features of %d images are %s; expected float32 [%d, count]"
                .formatted(count, result.get(0).shape(), count));
      }
      float[] features = new float[Math.toIntExact(answer.size())];
      answer.asRawTensor().data().asFloats().read(features);
      return features;
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
