/**
 * Pixels to probabilities: the model in service, loaded on demand, replaced while it serves.
 *
 * <p>The way of a batch: {@link io.pigeonhole.inference.ModelInService} lends a {@link
 * io.pigeonhole.inference.Lease}, its {@link io.pigeonhole.inference.Batch} takes pixels, one
 * forward pass gives a {@link io.pigeonhole.model.Classification} for each.
 */
package io.pigeonhole.inference;
