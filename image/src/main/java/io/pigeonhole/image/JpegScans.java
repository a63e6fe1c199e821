package io.pigeonhole.image;

import java.util.HashSet;
import java.util.Set;

/**
 * The scans of a JPEG that breaks off. Each brings some of the coefficients of some components, or
 * more of their bits, for the whole image; only the last one is not whole.
 */
final class JpegScans {
  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;

  private final FileBytes file;
  private final Set<Integer> begun = new HashSet<>();
  private boolean luminance;

  private JpegScans(FileBytes file) {
    this.file = file;
  }

  /** Whether there is an end after the first scan's header. */
  static boolean hasEnd(FileBytes file, int first) {
    return next(file, first, END_OF_IMAGE) >= 0;
  }

  /**
   * Makes sure that every component is begun, and that a whole scan has more of the first one,
   * which is luminance, than its averages over blocks: then the image is there, at a third of its
   * resolution or more.
   *
   * @param first where the first scan's header is
   * @throws UndecodableImageException {@code corrupt} if less is there
   */
  static void requireLuminance(FileBytes file, JpegFrame frame, int first)
      throws UndecodableImageException {
    JpegScans scans = new JpegScans(file);
    int luminance = file.u8(first + 3L);
    int at = first;
    while (at >= 0) {
      int next = next(file, at, START_OF_SCAN);
      scans.take(at, next >= 0, luminance);
      at = next;
    }
    if (!scans.luminance || scans.begun.size() < frame.components()) {
      throw file.corrupt("it breaks off before a third of its resolution is there");
    }
  }

  private void take(int header, boolean whole, int luminanceId) throws UndecodableImageException {
    int count = file.u8(header + 2L);
    long spectrum = header + 3L + 2L * count;
    boolean averages = file.u8(spectrum) == 0;
    boolean details = file.u8(spectrum + 1) > 0;
    for (int i = 0; i < count; i++) {
      int id = file.u8(header + 3L + 2L * i);
      if (averages) {
        begun.add(id);
      }
      luminance |= whole && details && id == luminanceId;
    }
  }

  /** The place after the next such marker, or -1. */
  private static int next(FileBytes file, int from, int marker) {
    byte[] bytes = file.bytes();
    for (int at = from; at < bytes.length - 1; at++) {
      if (bytes[at] == (byte) 0xff && (bytes[at + 1] & 0xff) == marker) {
        return at + 2;
      }
    }
    return -1;
  }
}
