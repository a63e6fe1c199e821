package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Novelty;
import java.util.Optional;

/**
 * Images and what a network scored them that was not trained on them.
 *
 * @param scores before the softmax, at temperature 1, {@code [images][classes]}
 * @param novelty what the novelty of images is measured by, where it is known already
 * @param novelties by that, of these images; none if they are to be measured
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Scored(
    Images images, float[][] scores, Optional<Novelty> novelty, float[] novelties) {}
