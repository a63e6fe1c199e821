package io.pigeonhole.trainer.base;

import java.util.Optional;

/**
 * A convolution with what follows it.
 *
 * @param name in Keras' application
 * @param norm name of the batch normalisation after it, if there is one
 * @param filters number of channels that come out
 * @param size side of the kernel
 * @param stride in both directions
 * @param bias whether it has one of its own
 * @param padding {@code SAME} or {@code VALID}
 */
record Conv(
    String name,
    Optional<String> norm,
    int filters,
    int size,
    int stride,
    boolean bias,
    String padding) {

  /** Size 1, stride 1, no own bias. */
  static Conv normalised(String name, String norm, int filters) {
    return new Conv(name, Optional.of(norm), filters, 1, 1, false, "SAME");
  }

  /** Size 1, stride 1, with a bias instead of batch normalisation. */
  static Conv biased(String name, int filters) {
    return new Conv(name, Optional.empty(), filters, 1, 1, true, "SAME");
  }

  Conv size(int other) {
    return new Conv(name, norm, filters, other, stride, bias, padding);
  }

  Conv stride(int other) {
    return new Conv(name, norm, filters, size, other, bias, padding);
  }

  Conv withBias() {
    return new Conv(name, norm, filters, size, stride, true, padding);
  }

  Conv valid() {
    return new Conv(name, norm, filters, size, stride, bias, "VALID");
  }
}
