package io.pigeonhole.model;

import java.util.Optional;

/**
 * What the network says about an image, as it says it.
 *
 * @param probabilities in the order of the classes
 * @param novelty the part of known images, 0 to 1, that are less novel than this one; empty if the
 *     network does not say
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record Answer(float[] probabilities, Optional<Float> novelty) {}
