package io.pigeonhole.image;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes what TensorFlow does not, by the readers of TwelveMonkeys. It is the only class that
 * needs {@code java.desktop}.
 */
final class ImageIoDecoder {

  /** The readers. */
  enum Format {
    TIFF,
    WEBP;

    private ImageReaderSpi provider() {
      return this == TIFF ? new TIFFImageReaderSpi() : new WebPImageReaderSpi();
    }
  }

  private ImageIoDecoder() {}

  /**
   * Decodes a file's only image, its transparency over white.
   *
   * @param file of which nothing is left but what pixels are made of
   * @param divisor by which the sides are reduced
   */
  static Pixels decode(Format format, FileBytes file, int divisor)
      throws UndecodableImageException {
    BufferedImage image;
    try {
      image = read(format, file);
    } catch (IOException | RuntimeException e) {
      throw file.corrupt("its pixels cannot be read: %s", e.getMessage());
    } catch (OutOfMemoryError | StackOverflowError e) {
      // what the checks before have bounded is bounded; this is what they do not know of
      throw file.corrupt("its pixels cannot be read within bounds: %s", e.getMessage());
    }
    Reduction reduction = new Reduction(image.getWidth(), image.getHeight(), divisor);
    RgbRow row = new RgbRow(image.getWidth());
    int[] colors = new int[image.getWidth()];
    boolean grey = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    for (int y = 0; y < image.getHeight(); y++) {
      if (grey) {
        greys(image, y, colors);
      } else {
        image.getRGB(0, y, colors.length, 1, colors, 0, colors.length);
      }
      for (int x = 0; x < colors.length; x++) {
        row.set(x, White.underColor(colors[x], colors[x] >>> 24));
      }
      reduction.row(row.values(), 0);
    }
    return reduction.pixels();
  }

  /** Java takes greys for linear light, which they are not in files. */
  private static void greys(BufferedImage image, int y, int[] colors) {
    Raster raster = image.getRaster();
    int[] alpha = new int[colors.length];
    Arrays.fill(alpha, 255);
    samples(raster, y, 0, colors);
    if (raster.getNumBands() > 1) {
      samples(raster, y, 1, alpha);
    }
    for (int x = 0; x < colors.length; x++) {
      colors[x] = alpha[x] << 24 | colors[x] * 0x010101;
    }
  }

  /** The values of a band, 0 to 255. */
  private static void samples(Raster raster, int y, int band, int[] values) {
    int most = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
    raster.getSamples(0, y, values.length, 1, band, values);
    for (int x = 0; x < values.length; x++) {
      values[x] = (values[x] * 255 + most / 2) / most;
    }
  }

  private static BufferedImage read(Format format, FileBytes file) throws IOException {
    ImageReader reader = format.provider().createReaderInstance(null);
    try (Ending in = new Ending(file.bytes())) {
      reader.setInput(in, true, true);
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  /**
   * Bytes that really end. The readers take what is missing for zeros, and so a few bytes can keep
   * one at work for minutes.
   */
  private static final class Ending extends MemoryCacheImageInputStream {
    // of the last bytes, not all may be needed
    private static final int PATIENCE = 1000;

    private int ends;

    Ending(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read() throws IOException {
      return counted(super.read());
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      return counted(super.read(target, from, length));
    }

    private int counted(int read) throws IOException {
      if (read < 0 && ++ends > PATIENCE) {
        throw new IOException("it ends before its pixels do");
      }
      return read;
    }
  }
}
