package io.pigeonhole.trainer.base;

import org.tensorflow.proto.GraphDef;

/**
 * A network of others with its weights in it, whose features a head is trained on.
 *
 * @param graph frozen: no variables, no calls of functions, every op without state
 * @param images name of the placeholder that takes {@code uint8 [n, height, width, 3]}, RGB, 0 to
 *     255; the network's own preprocessing follows in the graph
 * @param features name of the node that gives {@code float32 [n, count]}
 * @param size side in pixels of the images that it is meant for
 * @param count values that it makes of an image
 */
public record BaseGraph(GraphDef graph, String images, String features, int size, int count) {}
