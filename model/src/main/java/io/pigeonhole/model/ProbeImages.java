package io.pigeonhole.model;

import io.pigeonhole.image.Pixels;
import java.util.List;

/**
 * The images that a model is tried with, of its own size; a {@link Manifest} has its answers to
 * them. They are a part of what a version is: other images, and those answers would be wrong.
 *
 * <p>Every channel changes in both directions, roughly in the first image and finely in the second,
 * so that it shows in most answers if some are computed wrongly. An image interpolates the colours
 * of a lattice of {@code (cells + 1) * (cells + 1)} points, 4 cells a side and then 12. The
 * colours, of all rows, columns and channels in this order, are the highest bytes of {@code s =
 * 1664525 * s + 1013904223} modulo 2^32, which begins with 1 and goes on from the first image to
 * the second. The arithmetic is of whole numbers, the same on every machine.
 */
public final class ProbeImages {
  private static final int[] CELLS = {4, 12};
  private static final int CHANNELS = 3;

  /** How many there are: two, so that the batch dimension is seen to be open. */
  public static final int COUNT = CELLS.length;

  private int state = 1;

  private ProbeImages() {}

  /** The images in their order. */
  public static List<Pixels> of(int height, int width) {
    ProbeImages images = new ProbeImages();
    return List.of(images.next(CELLS[0], height, width), images.next(CELLS[1], height, width));
  }

  private Pixels next(int cells, int height, int width) {
    int[][][] colours = colours(cells + 1);
    byte[] rgb = new byte[height * width * CHANNELS];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < CHANNELS; channel++) {
          rgb[at++] =
              (byte) between(colours, y * cells * 256 / height, x * cells * 256 / width, channel);
        }
      }
    }
    return new Pixels(width, height, rgb);
  }

  private int[][][] colours(int side) {
    int[][][] colours = new int[side][side][CHANNELS];
    for (int[][] row : colours) {
      for (int[] colour : row) {
        for (int channel = 0; channel < CHANNELS; channel++) {
          state = 1664525 * state + 1013904223;
          colour[channel] = state >>> 24;
        }
      }
    }
    return colours;
  }

  /** The colour at a place in 256ths of a cell. */
  private static int between(int[][][] colours, int y, int x, int channel) {
    int[][] above = colours[y >> 8];
    int[][] below = colours[(y >> 8) + 1];
    int left = x >> 8;
    int right = x & 255;
    int down = y & 255;
    int top = above[left][channel] * (256 - right) + above[left + 1][channel] * right;
    int bottom = below[left][channel] * (256 - right) + below[left + 1][channel] * right;
    return (top * (256 - down) + bottom * down) >> 16;
  }
}
