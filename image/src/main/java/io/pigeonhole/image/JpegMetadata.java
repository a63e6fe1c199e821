package io.pigeonhole.image;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;

/** What the segments of a JPEG say of its pixels, beside its frame. */
final class JpegMetadata {
  private static final int APP1 = 0xe1;
  private static final int APP2 = 0xe2;
  private static final int APP14 = 0xee;
  private static final String EXIF = "Exif\0\0";
  private static final String PROFILE = "ICC_PROFILE\0";
  // the part's number, and how many parts there are
  private static final int NUMBERS = 2;

  // version 100, no flags, colours as they are
  private static final byte[] ADOBE = {
    (byte) 0xff, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  private record Part(int at, int length) {}

  private final FileBytes file;
  private final Map<Integer, Part> profile = new TreeMap<>();
  private Orientation orientation;
  private boolean adobes;

  JpegMetadata(FileBytes file) {
    this.file = file;
  }

  /**
   * Takes a segment.
   *
   * @param at its length field
   */
  void take(int marker, int at, int length) throws UndecodableImageException {
    int content = at + 2;
    if (marker == APP1 && orientation == null && file.has(content, EXIF)) {
      orientation = Exif.orientation(file, (long) content + EXIF.length());
    } else if (marker == APP14 && file.has(content, "Adobe")) {
      adobes = true;
    } else if (marker == APP2 && file.has(content, PROFILE)) {
      int number = content + PROFILE.length();
      int end = Math.min(file.length(), at + length);
      if (number + NUMBERS <= end) {
        Part part = new Part(number + NUMBERS, end - number - NUMBERS);
        profile.putIfAbsent(file.u8(number), part);
      }
    }
  }

  Orientation orientation() {
    return orientation == null ? Orientation.UPRIGHT : orientation;
  }

  /** Whether Adobe's marker says how its colours are to be read. */
  boolean isAdobes() {
    return adobes;
  }

  ColorConversion colors() {
    int length = profile.values().stream().mapToInt(Part::length).sum();
    if (length == 0 || length > IccProfile.MAX_BYTES) {
      return ColorConversion.NONE;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(length);
    profile.values().forEach(part -> all.write(file.bytes(), part.at(), part.length()));
    return IccProfile.conversion(all.toByteArray());
  }

  /** The file with Adobe's marker, which says that its CMYK is inverted. */
  FileBytes withAdobeMarker() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length() + ADOBE.length);
    out.write(file.bytes(), 0, 2);
    out.writeBytes(ADOBE);
    out.write(file.bytes(), 2, file.length() - 2);
    return new FileBytes(file.format(), out.toByteArray());
  }
}
