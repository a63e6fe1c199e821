package io.pigeonhole.trainer.report;

import io.pigeonhole.trainer.data.Images;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** An image as a part of a page. */
final class Picture {

  /** Longest side; larger images are shown at a fraction of their pixels. */
  private static final int SIDE = 112;

  private Picture() {}

  /** The address of an image that contains it, {@code data:image/png;base64,…}. */
  static String address(Images images, int number) {
    byte[] pixels = images.read(number, number + 1);
    int size = images.size();
    int step = Math.max(1, (size + SIDE - 1) / SIDE);
    int side = size / step;
    BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int at = Images.CHANNELS * (y * step * size + x * step);
        int rgb =
            (pixels[at] & 0xff) << 16 | (pixels[at + 1] & 0xff) << 8 | (pixels[at + 2] & 0xff);
        picture.setRGB(x, y, rgb);
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
  }
}
