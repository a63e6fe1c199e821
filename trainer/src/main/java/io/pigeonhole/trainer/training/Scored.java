package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;

/**
 * Images and what a network scored them that was not trained on them.
 *
 * @param scores before the softmax, at temperature 1, {@code [images][classes]}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Scored(Images images, float[][] scores) {}
