/** Keeps a run's checkpoints, so that a run that was killed goes on where it was. */
package io.pigeonhole.trainer.checkpoint;
