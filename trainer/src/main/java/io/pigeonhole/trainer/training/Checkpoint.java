package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.Weights;
import java.util.Optional;

/**
 * All that a run needs to go on as if it had never been interrupted. What is random in a run
 * depends on the seed and the number of the step only, so no generator's state is part of it.
 *
 * @param history of the run so far
 * @param state of the training graph: weights, momenta, averages
 * @param best weights so far, for recipes that end a run early
 * @param precision that the run is in; unknown if an earlier version of the trainer wrote it
 */
public record Checkpoint(
    History history, Weights state, Optional<Weights> best, Optional<Precision> precision) {}
