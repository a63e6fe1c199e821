/**
 * An uploaded image gets its label.
 *
 * <p>The way of an image: {@link io.pigeonhole.label.LabelHandler} reads the event ({@link
 * io.pigeonhole.label.LabelEvent}), {@link io.pigeonhole.label.Labeling} prepares its images side
 * by side ({@link io.pigeonhole.label.Preparation}: {@link io.pigeonhole.label.Download}, decode,
 * resize), asks the model once, and files the answers ({@link io.pigeonhole.label.Filing}): the
 * {@link io.pigeonhole.label.Result} first, which decides, then tags and index, which follow it.
 */
package io.pigeonhole.label;
