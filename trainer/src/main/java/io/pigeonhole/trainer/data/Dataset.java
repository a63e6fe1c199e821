package io.pigeonhole.trainer.data;

/**
 * Labeled images for training, and others to test with that training never sees.
 *
 * @param train to learn from
 * @param test to measure with
 * @param sha256 lower-case hex, the same wherever the same images come from
 */
public record Dataset(LabeledImages train, LabeledImages test, String sha256) {}
