package io.pigeonhole.image;

/**
 * Finds the orientation in EXIF metadata, which is a TIFF file (CIPA DC-008). Nothing else of it is
 * read, and no offset but the first is followed, so that it cannot lead in circles.
 */
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private final FileBytes file;
  private final long start;
  private final boolean little;

  private Exif(FileBytes file, long start) {
    this.file = file;
    this.start = start;
    this.little = file.has(start, "II");
  }

  /**
   * The orientation that the metadata says; upright where it says none, or nothing readable: bad
   * metadata costs no image.
   *
   * @param start of the TIFF header
   */
  static Orientation orientation(FileBytes file, long start) {
    if (!file.has(start, "II*\0") && !file.has(start, "MM\0*")) {
      return Orientation.UPRIGHT;
    }
    try {
      return new Exif(file, start).orientation();
    } catch (UndecodableImageException e) {
      return Orientation.UPRIGHT;
    }
  }

  private Orientation orientation() throws UndecodableImageException {
    long entries = start + (u32(start + 4) & 0xffffffffL);
    int count = u16(entries);
    for (long entry = entries + 2; entry < entries + 2 + 12L * count; entry += 12) {
      if (u16(entry) == ORIENTATION) {
        int type = u16(entry + 2);
        if (type == LONG) {
          return Orientation.of(u32(entry + 8));
        } else if (type == SHORT) {
          return Orientation.of(u16(entry + 8));
        } else if (type == BYTE) {
          return Orientation.of(file.u8(entry + 8));
        }
      }
    }
    return Orientation.UPRIGHT;
  }

  private int u16(long at) throws UndecodableImageException {
    return little ? file.little16(at) : file.big16(at);
  }

  private int u32(long at) throws UndecodableImageException {
    return little ? file.little32(at) : file.big32(at);
  }
}
