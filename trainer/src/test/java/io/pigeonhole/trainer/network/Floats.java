package io.pigeonhole.trainer.network;

import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/** What a graph has computed, as an array. */
final class Floats {

  private Floats() {}

  static float[] of(Result result, int index) {
    TFloat32 tensor = (TFloat32) result.get(index);
    float[] numbers = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(numbers);
    return numbers;
  }
}
