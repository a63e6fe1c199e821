package io.pigeonhole.trainer.data;

/**
 * Labeled images in three parts, none of which has an image of another.
 *
 * @param train to learn from
 * @param heldOut to choose by: temperature, threshold, recipe
 * @param test to measure with; nothing is decided by them
 * @param sha256 lower-case hex, the same wherever the same images come from
 */
public record Dataset(Images train, Images heldOut, Images test, String sha256) {}
