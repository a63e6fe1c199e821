package io.pigeonhole.image;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes what TensorFlow does not: WebP by libwebp, TIFF by the reader of TwelveMonkeys. Files
 * have nothing left but what pixels are made of.
 */
final class ImageIoDecoder {
  private ImageIoDecoder() {}

  /**
   * Decodes a WebP of one image, its transparency over white.
   *
   * @param canvas on which the image is shown
   * @param divisor by which the sides are reduced
   */
  static Pixels webp(FileBytes file, Canvas canvas, int divisor) throws UndecodableImageException {
    BufferedImage image = read(new WebPImageReaderSpi(), file, reader -> reader.read(0));
    if (image.getWidth() > canvas.width() - canvas.left()
        || image.getHeight() > canvas.height() - canvas.top()) {
      throw file.corrupt("its pixels are more than it says");
    }
    return reduced(rgb(image), image.getRaster(), canvas, divisor);
  }

  /**
   * Decodes a TIFF's only page, its transparency over white.
   *
   * @param divisor by which the sides are reduced
   */
  static Pixels tiff(FileBytes file, TiffSamples samples, int divisor)
      throws UndecodableImageException {
    ImageReaderSpi provider = new TIFFImageReaderSpi();
    Raster raster;
    ArgbRows rows;
    if (samples.photometric() == TiffPhotometric.PALETTE) {
      BufferedImage image = read(provider, file, reader -> reader.read(0));
      raster = image.getRaster();
      rows = rgb(image);
    } else {
      raster = read(provider, file, reader -> samples(reader, samples));
      rows = new TiffRows(file, raster, samples);
    }
    return reduced(rows, raster, Canvas.of(raster.getWidth(), raster.getHeight()), divisor);
  }

  /** Those of YCbCr made RGB; others as they are stored. */
  private static Raster samples(ImageReader reader, TiffSamples samples) throws IOException {
    return samples.photometric() == TiffPhotometric.YCBCR
        ? reader.read(0).getRaster()
        : reader.readRaster(0, null);
  }

  private static ArgbRows rgb(BufferedImage image) {
    return (y, argb) -> image.getRGB(0, y, argb.length, 1, argb, 0, argb.length);
  }

  private static Pixels reduced(ArgbRows rows, Raster image, Canvas canvas, int divisor) {
    Reduction reduction = new Reduction(canvas.width(), canvas.height(), divisor);
    RgbRow row = new RgbRow(canvas.width());
    int[] argb = new int[image.getWidth()];
    for (int y = 0; y < canvas.height(); y++) {
      int imageY = y - canvas.top();
      boolean there = imageY >= 0 && imageY < image.getHeight();
      if (!there || argb.length < canvas.width()) {
        row.fill(White.RGB);
      }
      if (there) {
        rows.read(imageY, argb);
        for (int x = 0; x < argb.length; x++) {
          row.set(canvas.left() + x, White.underColor(argb[x], argb[x] >>> 24));
        }
      }
      reduction.row(row.values(), 0);
    }
    return reduction.pixels();
  }

  /** What is asked of a reader that has its input. */
  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private static <T> T read(ImageReaderSpi provider, FileBytes file, Reading<T> reading)
      throws UndecodableImageException {
    try (Ending in = new Ending(file.bytes())) {
      ImageReader reader = provider.createReaderInstance(null);
      try {
        reader.setInput(in, true, true);
        return reading.from(reader);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      throw reason.toLowerCase(Locale.ROOT).contains("support")
          ? file.unsupported("its pixels are of a kind that is not decoded: %s", reason)
          : file.corrupt("its pixels cannot be read: %s", reason);
    } catch (OutOfMemoryError | StackOverflowError e) {
      // what the checks before have bounded is bounded; this is what they do not know of
      throw file.corrupt("its pixels cannot be read within bounds: %s", e.getMessage());
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
