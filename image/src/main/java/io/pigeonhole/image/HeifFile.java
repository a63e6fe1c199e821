package io.pigeonhole.image;

import java.util.Optional;
import java.util.Set;

/**
 * A HEIF (ISO/IEC 23008-12) of HEVC or AV1, as HEIC and AVIF are called; its primary image, decoded
 * by the system's libheif, which turns and crops it.
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
    LibHeif heif = libHeif(file);
    try (HeifImage image = HeifImage.open(heif, file, limits.maxSide())) {
      limits.requireSize(file, image.width(), image.height());
      limits.requireSize(file, image.storedWidth(), image.storedHeight());
      return new HeifFile(
          file,
          image.width(),
          image.height(),
          image.storedWidth(),
          image.storedHeight(),
          image.isDeep(),
          image.colors());
    }
  }

  private static LibHeif libHeif(FileBytes file) throws UndecodableImageException {
    return required(LibHeif.ofSystem(), file);
  }

  static LibHeif required(Optional<LibHeif> library, FileBytes file)
      throws UndecodableImageException {
    return library.orElseThrow(
        () ->
            file.unsupported(
                "it is decoded by libheif, which this system lacks: install libheif1 (and %s,"
                    + " where there are such packages)",
                CODECS));
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
    try (HeifImage image = HeifImage.open(libHeif(file), file, maxSide())) {
      return image.decode(Reduction.divisor(width, height, wanted));
    }
  }

  /** As it is stored, filled up to whole blocks. */
  private int maxSide() {
    return (Math.max(storedWidth, storedHeight) / BLOCK + 1) * BLOCK;
  }
}
