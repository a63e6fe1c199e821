package io.pigeonhole.image;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.Set;

/**
 * A HEIF (ISO/IEC 23008-12) of HEVC or AV1, as HEIC and AVIF are called; its primary image, decoded
 * by the system's libheif in a process of its own, which turns and crops it.
 *
 * @param storedWidth before it is turned and cropped
 * @param storedHeight before it is turned and cropped
 * @param deep whether samples have more than 8 bits
 */
record HeifFile(
    FileBytes file,
    int width,
    int height,
    int storedWidth,
    int storedHeight,
    boolean deep,
    ColorConversion colors)
    implements ImageFile {
  static final String CODECS = "libheif-plugin-libde265 and libheif-plugin-dav1d";

  private static final Set<String> DECODED = Set.of("HEIC", "HEIF", "AVIF");
  // planes, a tile of them, and what is made of them: of 8 bits, 9 were measured
  private static final int BYTES_OUTSIDE = 12;
  private static final int DEEP_BYTES_OUTSIDE = 20;
  // HEVC's largest; AV1's may be twice as large, but are not filled up
  private static final int BLOCK = 64;

  static boolean isHeif(FileBytes file) {
    return file.has(4, "ftyp") && DECODED.contains(HeifBrands.formatOf(file));
  }

  static HeifFile read(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes(HeifBrands.formatOf(new FileBytes("HEIF", bytes)), bytes);
    HeifFile heif = HeifProcess.ask(file, limits.maxSide(), false, in -> HeifFile.header(file, in));
    limits.requireSize(file, heif.width, heif.height);
    limits.requireSize(file, heif.storedWidth, heif.storedHeight);
    return heif;
  }

  private static HeifFile header(FileBytes file, DataInputStream in) throws IOException {
    int width = in.readInt();
    int height = in.readInt();
    int storedWidth = in.readInt();
    int storedHeight = in.readInt();
    boolean deep = in.readBoolean();
    ColorConversion coded = CodedColors.conversion(in.readInt(), in.readInt());
    int length = Math.max(0, Math.min(IccProfile.MAX_BYTES, in.readInt()));
    byte[] profile = in.readNBytes(length);
    ColorConversion colors = profile.length > 0 ? IccProfile.conversion(profile) : coded;
    return new HeifFile(file, width, height, storedWidth, storedHeight, deep, colors);
  }

  static UndecodableImageException missing(FileBytes file) {
    return file.unsupported(
        "it is decoded by libheif, which this system lacks: install libheif1 (and %s, where there"
            + " are such packages)",
        CODECS);
  }

  @Override
  public Memory memory(Wanted wanted) {
    long reduced = Reduction.bytes(width, height, Reduction.divisor(width, height, wanted));
    long pixels = (long) storedWidth * storedHeight;
    return new Memory(
        reduced + 4L * width, pixels * (deep ? DEEP_BYTES_OUTSIDE : BYTES_OUTSIDE) + file.length());
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    Reduction reduction = new Reduction(width, height, Reduction.divisor(width, height, wanted));
    return HeifProcess.ask(file, maxSide(), true, in -> reduced(in, reduction));
  }

  private Pixels reduced(DataInputStream in, Reduction reduction) throws IOException {
    byte[] row = new byte[3 * width];
    for (int y = 0; y < height; y++) {
      in.readFully(row);
      reduction.row(row, 0);
    }
    return reduction.pixels();
  }

  /** As it is stored, filled up to whole blocks. */
  private int maxSide() {
    return (Math.max(storedWidth, storedHeight) / BLOCK + 1) * BLOCK;
  }
}
