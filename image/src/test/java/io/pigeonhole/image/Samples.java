package io.pigeonhole.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/**
 * Image files for tests: some written by Pillow 12.3, tifffile, libtiff's and libwebp's tools, with
 * what Pillow makes of them, or what they were made of; others put together byte by byte.
 */
final class Samples {
  static final List<String> NAMES =
      List.of(
          "alpha-raw.webp",
          "animated-small.webp",
          "animated.gif",
          "animated.webp",
          "associated.tif",
          "big-tiles.tif",
          "big.tif",
          "bit1.bmp",
          "bit1.png",
          "bit1.tif",
          "bit24.bmp",
          "bitfields-alpha.bmp",
          "cmyk-adobe.jpg",
          "cmyk-jpeg.tif",
          "cmyk.tif",
          "float-255.tif",
          "float.tif",
          "grey-alpha.png",
          "grey.jpg",
          "grey.png",
          "grey.tif",
          "interlaced.gif",
          "jpeg-rgb.tif",
          "jpeg-tiles.tif",
          "lossless-alpha.webp",
          "lossless.webp",
          "lossy-alpha.webp",
          "lossy.webp",
          "nir.tif",
          "old-jpeg.tif",
          "one.webp",
          "pages.tif",
          "palette-transparent.png",
          "palette.tif",
          "palette.webp",
          "palette15.webp",
          "palette16.webp",
          "palette2.png",
          "palette4.png",
          "palette8.bmp",
          "palette8.png",
          "plain.gif",
          "planes.tif",
          "progressive.jpg",
          "restart.jpg",
          "rgb-420.jpg",
          "rgb-444.jpg",
          "rgb-lzw.tif",
          "rgb-transparent.png",
          "rgb.png",
          "rgb.tif",
          "rgb16.png",
          "rgba-deflate.tif",
          "rgba.png",
          "rgba16.png",
          "signed16.tif",
          "transparent.gif",
          "turned.webp",
          "unassociated16.tif",
          "webp.tif",
          "white-is-zero.tif",
          "ycck-adobe.jpg");

  private Samples() {}

  static byte[] read(String name) {
    try (InputStream in = Samples.class.getResourceAsStream("/images/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an independent decoder makes of a sample. */
  static Pixels expected(String name) throws IOException {
    return pixels(ImageIO.read(new ByteArrayInputStream(read("expected/" + name + ".png"))));
  }

  static Pixels pixels(BufferedImage image) {
    ByteBuffer rgb = ByteBuffer.allocate(image.getWidth() * image.getHeight() * 3);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int value = image.getRGB(x, y);
        rgb.put((byte) (value >> 16)).put((byte) (value >> 8)).put((byte) value);
      }
    }
    return new Pixels(image.getWidth(), image.getHeight(), rgb.array());
  }

  static byte[] write(BufferedImage image, String format) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException(format);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An image whose left half is red and whose right half is blue. */
  static BufferedImage halves(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, x < width / 2 ? 0xff0000 : 0x0000ff);
      }
    }
    return image;
  }

  /** An image of soft shapes and some texture, as photos have them. */
  static BufferedImage scene(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double u = 8.0 * x / width;
        double v = 6.0 * y / height;
        int red = (int) (127 + 90 * Math.sin(u + Math.cos(v)) + 30 * Math.sin(40 * u * v));
        int green = (int) (127 + 100 * Math.cos(v - u / 2) + 20 * Math.sin(90 * v));
        int blue = (int) (127 + 60 * Math.sin(u * v / 3) + 60 * Math.cos(3 * u));
        image.setRGB(x, y, clip(red) << 16 | clip(green) << 8 | clip(blue));
      }
    }
    return image;
  }

  private static int clip(int value) {
    return Math.max(0, Math.min(255, value));
  }

  static byte[] bytes(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof byte[] bytes) {
        out.writeBytes(bytes);
      } else if (part instanceof String text) {
        out.writeBytes(text.getBytes(ISO_8859_1));
      } else {
        out.write((Integer) part);
      }
    }
    return out.toByteArray();
  }

  static byte[] big32(long value) {
    return ByteBuffer.allocate(4).putInt((int) value).array();
  }

  static byte[] big16(int value) {
    return ByteBuffer.allocate(2).putShort((short) value).array();
  }

  static byte[] little32(long value) {
    return big32(Integer.reverseBytes((int) value));
  }

  static byte[] little16(int value) {
    return big16(Short.reverseBytes((short) value));
  }

  /** A PNG of these chunks after its header. */
  static byte[] png(int width, int height, int depth, int colorType, byte[]... chunks) {
    byte[] header = bytes(big32(width), big32(height), depth, colorType, 0, 0, 0);
    byte[] png = bytes("\u0089PNG\r\n\u001a\n", chunk("IHDR", header));
    for (byte[] chunk : chunks) {
      png = bytes(png, chunk);
    }
    return bytes(png, chunk("IEND", new byte[0]));
  }

  static byte[] chunk(String type, byte[] data) {
    CRC32 crc = new CRC32();
    crc.update(bytes(type, data));
    return bytes(big32(data.length), type, data, big32(crc.getValue()));
  }

  static byte[] deflated(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater =
        new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION))) {
      deflater.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A GIF's screen, of these flags and this palette. */
  static byte[] gifScreen(int width, int height, int flags, int... palette) {
    byte[] screen = bytes("GIF89a", little16(width), little16(height), flags, 0, 0);
    return bytes(screen, colors(palette));
  }

  /** A frame of a GIF of 2-bit pixels, each a code of its own. */
  static byte[] gifFrame(
      int left, int top, int width, int height, int flags, int[] palette, int... pixels) {
    byte[] descriptor =
        bytes(0x2c, little16(left), little16(top), little16(width), little16(height), flags);
    return bytes(descriptor, colors(palette), gifData(pixels));
  }

  /** Pixels as codes of 3 bits, cleared so often that they never grow. */
  static byte[] gifData(int... pixels) {
    int[] codes = new int[2 * pixels.length + 1];
    for (int i = 0; i < pixels.length; i++) {
      codes[2 * i] = 4;
      codes[2 * i + 1] = pixels[i];
    }
    codes[2 * pixels.length] = 5;
    byte[] packed = new byte[(codes.length * 3 + 7) / 8];
    for (int i = 0; i < codes.length * 3; i++) {
      packed[i / 8] |= (byte) ((codes[i / 3] >> i % 3 & 1) << i % 8);
    }
    return bytes(2, packed.length, packed, 0);
  }

  private static byte[] colors(int... palette) {
    byte[] colors = new byte[0];
    for (int color : palette) {
      colors = bytes(colors, color >> 16 & 255, color >> 8 & 255, color & 255);
    }
    return colors;
  }

  /** A Windows bitmap with a header of 40 bytes; what comes after it is given. */
  static byte[] bmp(int width, int height, int bits, int compression, byte[] extra, byte[] data) {
    return bmp(40, width, height, bits, compression, extra, data);
  }

  /** A Windows bitmap with a header of so many bytes, of which the later ones are given. */
  static byte[] bmp(
      int headerSize, int width, int height, int bits, int compression, byte[] extra, byte[] data) {
    int start = 14 + 40 + extra.length;
    byte[] file = bytes("BM", little32(start + data.length), new byte[4], little32(start));
    byte[] size = bytes(little32(headerSize), little32(width), little32(height));
    byte[] kind = bytes(little16(1), little16(bits), little32(compression), new byte[20]);
    return bytes(file, size, kind, extra, data);
  }

  /** Puts a segment right after the start of a JPEG. */
  static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    return bytes(
        Arrays.copyOf(jpeg, 2),
        0xff,
        marker,
        big16(content.length + 2),
        content,
        Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  /** EXIF metadata, big-endian, of this orientation alone. */
  static byte[] exif(int orientation) {
    return bytes(
        "MM\0*",
        big32(8),
        big16(1),
        big16(0x0112),
        big16(3),
        big32(1),
        big16(orientation),
        0,
        0,
        big32(0));
  }

  /** An ICC profile of RGB by these primaries, as columns, and one curve for all of them. */
  static byte[] profile(double[][] primaries, byte[] curve) {
    byte[] tags = big32(6);
    byte[] contents = new byte[0];
    int start = 128 + 4 + 6 * 12;
    for (int c = 0; c < 3; c++) {
      byte[] xyz = bytes("XYZ ", new byte[4]);
      for (double value : primaries[c]) {
        xyz = bytes(xyz, big32(Math.round(value * 65536)));
      }
      String color = "rgb".substring(c, c + 1);
      tags = bytes(tags, color, "XYZ", big32(start + contents.length), big32(xyz.length));
      contents = bytes(contents, xyz);
      tags = bytes(tags, color, "TRC", big32(start + contents.length), big32(curve.length));
      contents = bytes(contents, curve);
    }
    byte[] header = bytes(new byte[12], "mntrRGB XYZ ", new byte[12], "acsp", new byte[88]);
    return bytes(header, tags, contents);
  }

  /** A curve of an ICC profile that is a power. */
  static byte[] gammaCurve(double exponent) {
    return bytes(
        "curv", new byte[4], big32(1), big16((int) Math.round(exponent * 256)), new byte[2]);
  }

  /** Puts a chunk right after the header of a PNG. */
  static byte[] withChunk(byte[] png, byte[] chunk) {
    return bytes(Arrays.copyOf(png, 33), chunk, Arrays.copyOfRange(png, 33, png.length));
  }

  /** Where a marker stands in a JPEG. */
  static int indexOf(byte[] jpeg, int marker) {
    for (int i = 0; i < jpeg.length - 1; i++) {
      if (jpeg[i] == (byte) 0xff && (jpeg[i + 1] & 0xff) == marker) {
        return i;
      }
    }
    throw new IllegalArgumentException(Integer.toHexString(marker));
  }
}
