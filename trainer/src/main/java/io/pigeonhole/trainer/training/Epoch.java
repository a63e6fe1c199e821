package io.pigeonhole.trainer.training;

/**
 * What an epoch showed.
 *
 * @param number from 1
 * @param loss mean over the batches, each before its step
 * @param accuracy the same, 0 to 1
 * @param heldOutLoss mean on images that are not trained on, after the epoch; NaN without any
 * @param heldOutAccuracy the same, 0 to 1; NaN without any
 * @param rate of the last step, as a factor on the optimiser's peak rate
 * @param seconds since the run began, those of interruptions not counted
 */
public record Epoch(
    int number,
    double loss,
    double accuracy,
    double heldOutLoss,
    double heldOutAccuracy,
    double rate,
    double seconds) {}
