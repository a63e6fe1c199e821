package io.pigeonhole.trainer.network;

import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** The number format of what flows between a network's rows in training. Weights are float32. */
public enum Precision {
  /** Works everywhere. */
  FLOAT32(TFloat32.class),
  /**
   * Two to three times as fast where the processor multiplies it; slower, or wrong, elsewhere:
   * {@link MachineTrial} finds out.
   */
  BFLOAT16(TBfloat16.class);

  private final Class<? extends TFloating> type;

  Precision(Class<? extends TFloating> type) {
    this.type = type;
  }

  Class<? extends TFloating> type() {
    return type;
  }
}
