/** The training loop: batches in, steps, a listener that hears of progress. */
package io.pigeonhole.trainer.training;
