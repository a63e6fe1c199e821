package io.pigeonhole.trainer.base;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.tensorflow.ndarray.Shape;

/**
 * Where an array is, for messages about it.
 *
 * @param file that it is in
 * @param array its name there
 * @param layer which layer of the network it is for
 */
record ArrayPlace(Path file, String array, String layer) {

  InvalidWeightsException wrong(String expected, String found) {
    return new InvalidWeightsException(
        "%s: array '%s' (for layer %s): expected %s, found %s"
            .formatted(file, array, layer, expected, found));
  }

  void requireShape(Shape expected, long[] found) throws IOException {
    if (!Arrays.equals(expected.asArray(), found)) {
      throw wrong("the shape " + Arrays.toString(expected.asArray()), Arrays.toString(found));
    }
  }

  float[] requireFinite(float[] numbers) throws IOException {
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isFinite(numbers[i])) {
        throw wrong("finite numbers", "%s as number %d".formatted(numbers[i], i));
      }
    }
    return numbers;
  }
}
