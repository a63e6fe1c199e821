package io.pigeonhole.trainer.network;

import java.util.List;

/**
 * Weights that a training begins with.
 *
 * @param weights of a network that is the same but for the number of classes
 * @param classes that they were trained for; for others, the last row begins anew
 */
public record Start(Safetensors weights, List<String> classes) {}
