package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.checkpoint.CheckpointStore;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.training.Scored;
import io.pigeonhole.trainer.training.Trained;
import java.util.List;
import java.util.Optional;

/**
 * A training that has come to its end, and is not published yet.
 *
 * @param scored images to calibrate with, unless it is the held-out ones
 * @param kept checkpoints that are of no use once it is published
 */
record Done(
    Recipe recipe,
    Trained trained,
    Optional<Scored> scored,
    Precision precision,
    List<CheckpointStore> kept) {}
