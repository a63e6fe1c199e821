package io.pigeonhole.trainer.base;

import org.tensorflow.proto.GraphDef;

/**
 * A network of others with its weights in it.
 *
 * @param graph frozen: no variables, no function calls, stateless operations only
 * @param images name of a placeholder, {@code uint8 [-1, h, w, 3]}, RGB 0 to 255; h = w = -1 where
 *     any size goes, else {@code size}. The preprocessing of the network is inside.
 * @param features name of the node whose output 0 is {@code float32 [-1, count]}
 * @param size side of the images that it is meant for
 * @param count number of features
 */
public record BaseGraph(GraphDef graph, String images, String features, int size, int count) {}
