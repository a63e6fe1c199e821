package io.pigeonhole.trainer.recipe;

/**
 * A part of the run at one image size. Small images first: most of what a network learns early does
 * not need the pixels, and half the side costs a quarter.
 *
 * @param size side to which the images are scaled
 * @param until part of the run, 0 to 1, at which the stage ends
 */
public record Stage(int size, double until) {}
