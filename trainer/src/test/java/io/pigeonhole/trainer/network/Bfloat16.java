package io.pigeonhole.trainer.network;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pigeonhole.model.Processor;

/** Whether tests can compute in bfloat16. */
public final class Bfloat16 {

  private Bfloat16() {}

  /** Skips the test, saying why, where TensorFlow's library cannot be asked for it. */
  public static void assumeComputed() {
    Processor processor = Processor.ofThisMachine();
    assumeTrue(
        MachineTrial.isWorthTrying(processor),
        () -> processor.description() + " computes no bfloat16: nothing to test here");
  }
}
