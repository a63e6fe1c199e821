package io.pigeonhole.classify;

import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageError;
import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.Resize;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.inference.Lease;
import io.pigeonhole.model.Input;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An explanation over its image: what speaks for the label is lit, the rest is dark. What the model
 * does not see of the image, because it takes the middle, stays darkest.
 */
final class HeatMap {
  private static final int MAX_SIDE = 512;
  private static final int RGB = 3;
  private static final float DARKEST = 0.25f;
  private static final int[] GLOW = {255, 176, 32};
  private static final float GLOW_SHARE = 0.35f;

  private HeatMap() {}

  /** An image, large enough to be shown and to be classified. */
  static Pixels photo(ImageDecoder decoder, byte[] image, Lease model)
      throws UndecodableImageException {
    Input input = model.manifest().input();
    try {
      return decoder.decode(
          image, Math.max(input.width(), MAX_SIDE), Math.max(input.height(), MAX_SIDE));
    } catch (UndecodableImageException e) {
      if (e.error() != ImageError.UNSUPPORTED_FORMAT) {
        throw e;
      }
      // the picture in a raw file may be smaller than what is shown, and large enough for the
      // network
      return decoder.decode(image, input.width(), input.height());
    }
  }

  /** The image, at most 512 pixels wide and high, as PNG. */
  static byte[] png(Pixels photo, Lease model, Explanation explanation) {
    double scale = Math.min(1, (double) MAX_SIDE / Math.max(photo.width(), photo.height()));
    int width = Math.max(1, (int) Math.round(photo.width() * scale));
    int height = Math.max(1, (int) Math.round(photo.height() * scale));
    byte[] rgb = new byte[width * height * RGB];
    Resize.STRETCH.into(photo, height, width, ByteBuffer.wrap(rgb));
    View view = View.of(model.manifest().input(), width, height);
    float strongest = strongest(explanation.grid());
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float heat = view.heat(explanation.grid(), x, y) / strongest;
        light(rgb, (y * width + x) * RGB, Math.max(0, Math.min(1, heat)));
      }
    }
    return Png.encode(width, height, rgb);
  }

  private static float strongest(List<List<Float>> grid) {
    float strongest = 1e-6f;
    for (List<Float> row : grid) {
      for (float cell : row) {
        strongest = Math.max(strongest, cell);
      }
    }
    return strongest;
  }

  private static void light(byte[] rgb, int at, float heat) {
    for (int channel = 0; channel < RGB; channel++) {
      float dimmed = (rgb[at + channel] & 0xff) * (DARKEST + (1 - DARKEST) * heat);
      float glow = (GLOW[channel] - dimmed) * GLOW_SHARE * heat * heat;
      rgb[at + channel] = (byte) Math.round(dimmed + glow);
    }
  }

  /** The part of the image that the model sees. */
  private record View(double left, double top, double width, double height) {

    static View of(Input input, int width, int height) {
      if (input.resize() == Resize.STRETCH) {
        return new View(0, 0, width, height);
      }
      double scale = Math.min((double) width / input.width(), (double) height / input.height());
      double w = input.width() * scale;
      double h = input.height() * scale;
      return new View((width - w) / 2, (height - h) / 2, w, h);
    }

    /** Between the middles of the cells, in proportion; outside the view, nothing. */
    float heat(List<List<Float>> grid, int x, int y) {
      double column = (x + 0.5 - left) / width * grid.get(0).size() - 0.5;
      double row = (y + 0.5 - top) / height * grid.size() - 0.5;
      if (column < -0.5 || row < -0.5) {
        return 0;
      }
      if (column > grid.get(0).size() - 0.5 || row > grid.size() - 0.5) {
        return 0;
      }
      float above = between(row(grid, (int) Math.floor(row)), column);
      float below = between(row(grid, (int) Math.floor(row) + 1), column);
      return mixed(above, below, row);
    }

    private static List<Float> row(List<List<Float>> grid, int row) {
      return grid.get(Math.max(0, Math.min(grid.size() - 1, row)));
    }

    private static float between(List<Float> cells, double column) {
      int left = (int) Math.floor(column);
      int last = cells.size() - 1;
      return mixed(
          cells.get(Math.max(0, Math.min(last, left))),
          cells.get(Math.max(0, Math.min(last, left + 1))),
          column);
    }

    private static float mixed(float first, float second, double at) {
      float share = (float) (at - Math.floor(at));
      return first * (1 - share) + second * share;
    }
  }
}
