package io.pigeonhole.trainer.network;

import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/** What a graph has computed, as an array. */
public final class Floats {

  private Floats() {}

  /** The numbers of an output of float32, row-major. */
  public static float[] of(Result result, int index) {
    TFloat32 tensor = (TFloat32) result.get(index);
    float[] numbers = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(numbers);
    return numbers;
  }

  /** Of two arrays, as a part of the second's length; NaN if something in them is no number. */
  static double distance(float[] found, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      double gap = (double) found[i] - expected[i];
      difference += gap * gap;
      norm += (double) expected[i] * expected[i];
    }
    return Math.sqrt(difference / norm);
  }
}
