package io.pigeonhole.trainer.recipe;

/** The number format of what flows between a network's rows in training. */
public enum Numbers {
  /** The fastest that the machine computes rightly. */
  AUTO,
  /** Four bytes a value. */
  FLOAT32,
  /** Two bytes a value. */
  BFLOAT16
}
