package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * The JPEG files that images have been in at the size that they have now. Such a file rounds
 * frequencies, block by block, and halves the resolution of colours. What is made of the images
 * lacks that and would be told from them by it alone, so it is given the same.
 *
 * @param qualities one an image that was looked at, 1 to 100; 0 if it was in no such file
 */
record JpegFiles(List<Integer> qualities) {

  /** Images that were in none. */
  static final JpegFiles NONE = new JpegFiles(List.of(0));

  /** Images that are looked at; a set may come from several places. */
  private static final int SAMPLES = 64;

  /** Pixels of a side that are looked at: some blocks of 8. */
  private static final int SIDE = 32;

  private static final int BLOCK = 16;

  private static final int WORST = 20;
  private static final int BEST = 96; // rounds to whole numbers nearly, as pixels do
  private static final int STEP = 3;

  /** As a part of what neighbouring qualities change: 0 to 0.5 with a file, 0.9 to 1 without. */
  private static final double GHOST = 0.7;

  /**
   * Looks for traces: a file of the quality that a picture has been in changes it far less than
   * ones of slightly more or less do (H. Farid, Exposing Digital Forgeries from JPEG Ghosts, 2009).
   *
   * @throws UncheckedIOException if the images cannot be read
   */
  static JpegFiles of(Images images) {
    int count = Math.min(SAMPLES, images.count());
    return new JpegFiles(
        IntStream.range(0, count)
            .parallel()
            .map(i -> quality(images, (int) ((long) i * images.count() / count)))
            .boxed()
            .toList());
  }

  private static int quality(Images images, int image) {
    int side = Math.min(SIDE, images.size());
    byte[] middle = middle(images, image, side);
    if (isOneColour(middle)) {
      return 0; // any file keeps it, or nearly
    }
    double[] changes =
        IntStream.rangeClosed(WORST, BEST + STEP)
            .mapToDouble(quality -> change(middle, side, quality))
            .toArray();
    int clearest = 0;
    double least = GHOST;
    for (int quality = WORST + STEP; quality <= BEST; quality++) {
      int at = quality - WORST;
      double part = changes[at] / Math.min(changes[at - STEP], changes[at + STEP]);
      if (part < least) {
        least = part;
        clearest = quality;
      }
    }
    return clearest;
  }

  /** Whole blocks, those of colours (16 pixels) as well. */
  private static byte[] middle(Images images, int image, int side) {
    byte[] pixels = new byte[images.bytesPerImage()];
    images.read(image, pixels, 0);
    int size = images.size();
    int from = (size - side) / 2 / BLOCK * BLOCK;
    byte[] middle = new byte[side * side * Images.CHANNELS];
    for (int row = 0; row < side; row++) {
      int at = ((from + row) * size + from) * Images.CHANNELS;
      int length = side * Images.CHANNELS;
      System.arraycopy(pixels, at, middle, row * length, length);
    }
    return middle;
  }

  private static boolean isOneColour(byte[] picture) {
    return IntStream.range(Images.CHANNELS, picture.length)
        .allMatch(i -> picture[i] == picture[i - Images.CHANNELS]);
  }

  private static double change(byte[] picture, int side, int quality) {
    byte[] again = picture.clone();
    leaveTraces(again, side, quality);
    double change = 0;
    for (int i = 0; i < picture.length; i += Images.CHANNELS) {
      change += Math.abs(lightness(picture, i) - lightness(again, i)); // colours may be whole
    }
    return change;
  }

  private static double lightness(byte[] picture, int at) {
    return 0.299 * (picture[at] & 0xff)
        + 0.587 * (picture[at + 1] & 0xff)
        + 0.114 * (picture[at + 2] & 0xff);
  }

  /** One of the qualities, as often as images have it; 0 for none. */
  int quality(long seed) {
    return qualities.get(Math.floorMod(seed, qualities.size()));
  }

  /**
   * Encodes and decodes a picture.
   *
   * @param picture {@code [size, size, 3]}
   * @param quality 1 to 100
   */
  static void leaveTraces(byte[] picture, int size, int quality) {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < size * size; i++) {
      int at = i * Images.CHANNELS;
      image.setRGB(
          i % size,
          i / size,
          ((picture[at] & 0xff) << 16)
              | ((picture[at + 1] & 0xff) << 8)
              | (picture[at + 2] & 0xff));
    }
    try {
      BufferedImage decoded = decoded(encoded(image, quality));
      for (int i = 0; i < size * size; i++) {
        int rgb = decoded.getRGB(i % size, i / size);
        int at = i * Images.CHANNELS;
        picture[at] = (byte) (rgb >> 16);
        picture[at + 1] = (byte) (rgb >> 8);
        picture[at + 2] = (byte) rgb;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BufferedImage decoded(byte[] file) throws IOException {
    return ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(file)));
  }

  private static byte[] encoded(BufferedImage image, int quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(quality / 100f);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
