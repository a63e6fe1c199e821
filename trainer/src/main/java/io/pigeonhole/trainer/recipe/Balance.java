package io.pigeonhole.trainer.recipe;

/** What is done about classes with fewer images than others. */
public enum Balance {
  /** Nothing: they count by their images. */
  NONE,
  /** An image's loss counts the more, the fewer there are of its class. */
  WEIGHTS,
  /** Every class is shown equally often; images of small classes come back sooner. */
  SAMPLING
}
