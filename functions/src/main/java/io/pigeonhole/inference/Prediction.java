package io.pigeonhole.inference;

/**
 * A class and how likely the image is of it.
 *
 * @param confidence calibrated probability, 0 to 1
 */
public record Prediction(String label, float confidence) {}
