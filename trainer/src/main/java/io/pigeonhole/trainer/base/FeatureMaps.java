package io.pigeonhole.trainer.base;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * What flows between the layers of a convolutional network.
 *
 * @param values {@code float32 [n, h, w, channels]}
 * @param channels which are known when the graph is built, as opposed to the sides
 */
record FeatureMaps(Operand<TFloat32> values, int channels) {}
