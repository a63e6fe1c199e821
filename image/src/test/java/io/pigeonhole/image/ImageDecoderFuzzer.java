package io.pigeonhole.image;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;
import org.tensorflow.exceptions.TFInvalidArgumentException;

/**
 * What the fuzzer calls, with bytes that lead to ever more places in the code: they must end in
 * pixels or in an error that the decoder itself has found ({@code mvn -Pfuzz -pl image verify}).
 */
public final class ImageDecoderFuzzer {
  private static final ImageDecoder DECODER = new ImageDecoder(new ImageLimits(1 << 20, 1_000_000));

  private static final String BREAKS_OFF = "breaks off";

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
    Optional<String> whole = error(bytes, Integer.MAX_VALUE);
    Optional<String> reduced = error(bytes, 2);
    // how much of a JPEG is there is counted in what comes out
    boolean cut = whole.or(() -> reduced).filter(reason -> reason.contains(BREAKS_OFF)).isPresent();
    if (whole.isPresent() != reduced.isPresent() && !cut) {
      throw new AssertionError("decodable at one size only: " + whole + ", " + reduced);
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

  /** Why they cannot be decoded, if they cannot. */
  private static Optional<String> error(byte[] bytes, int side) {
    try {
      Pixels pixels = DECODER.decode(bytes, side, side);
      if (pixels.rgb().length != pixels.width() * pixels.height() * 3) {
        throw new AssertionError(pixels.width() + " x " + pixels.height());
      }
      return Optional.empty();
    } catch (UndecodableImageException e) {
      if (e.getCause() != null && !(e.getCause() instanceof TFInvalidArgumentException)) {
        throw new AssertionError("found by chance only", e);
      }
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
