package io.pigeonhole.model;

/**
 * A class and how likely the image is of it.
 *
 * @param confidence calibrated, 0 to 1; see {@link Calibration#confidence}
 */
public record Prediction(String label, float confidence) {}
