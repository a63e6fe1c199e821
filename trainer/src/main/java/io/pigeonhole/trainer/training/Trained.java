package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.network.Weights;

/**
 * What a run ended with.
 *
 * @param weights of the last epoch, or of the best one where the recipe ends runs early
 * @param history of the whole run
 */
public record Trained(Weights weights, History history) {}
