package io.pigeonhole.image;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.tensorflow.exceptions.TFInvalidArgumentException;

/**
 * What the fuzzer calls, with bytes that lead to ever more places in the code: they must end in
 * pixels or in an error that the decoder itself has found ({@code mvn -Pfuzz -pl image verify}).
 */
public final class ImageDecoderFuzzer {
  private static final ImageDecoder DECODER = new ImageDecoder(new ImageLimits(1 << 20, 1_000_000));

  private ImageDecoderFuzzer() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    check(bytes);
    if (new FileBytes("PNG", bytes).has(0, PngFile.SIGNATURE)) {
      repairChecksums(bytes);
      check(bytes);
    }
  }

  private static void check(byte[] bytes) {
    boolean whole = ends(bytes, Integer.MAX_VALUE);
    boolean reduced = ends(bytes, 2);
    if (whole != reduced) {
      throw new AssertionError("decodable at one size only; at its full size: " + whole);
    }
  }

  /** Lets libpng see what else a checksum would keep from it. */
  private static void repairChecksums(byte[] png) {
    ByteBuffer bytes = ByteBuffer.wrap(png);
    int at = PngFile.SIGNATURE.length();
    while (at + 12 <= png.length) {
      int length = bytes.getInt(at);
      if (length < 0 || length > png.length - at - 12) {
        return;
      }
      CRC32 crc = new CRC32();
      crc.update(png, at + 4, length + 4);
      bytes.putInt(at + 8 + length, (int) crc.getValue());
      at += 12 + length;
    }
  }

  private static boolean ends(byte[] bytes, int side) {
    try {
      Pixels pixels = DECODER.decode(bytes, side, side);
      if (pixels.rgb().length != pixels.width() * pixels.height() * 3) {
        throw new AssertionError(pixels.width() + " x " + pixels.height());
      }
      return true;
    } catch (UndecodableImageException e) {
      if (e.getCause() != null && !(e.getCause() instanceof TFInvalidArgumentException)) {
        throw new AssertionError("found by chance only", e);
      }
      return false;
    }
  }
}
