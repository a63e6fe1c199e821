/**
 * Starts trainings, one at a time: jobs of AWS Batch, which run the trainer on machines that exist
 * only meanwhile. {@link io.pigeonhole.train.TrainHandler} is invoked by a schedule or with a
 * request; {@link io.pigeonhole.train.Trainings} decides; an object in the models bucket ({@link
 * io.pigeonhole.train.Slot}) keeps two from being started at once, because AWS Batch does not.
 */
package io.pigeonhole.train;
