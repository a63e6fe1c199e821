package io.pigeonhole.image;

import java.util.Optional;

/**
 * Bytes to pixels: JPEG, PNG, GIF and WebP (the first frame), BMP and TIFF (the first page), the
 * JPEG in a camera's raw file, and, where the system has libheif, HEIC and AVIF. They are told by
 * their bytes and never by a name; grey, palette, CMYK and CIELab come out as sRGB, and so do the
 * colours of RGB profiles that consist of primaries and curves; transparency over white, photos as
 * they were held. Of a file that breaks off, what there is of the pixels is shown, if it is at
 * least half of them.
 *
 * <p>Bytes, pixels and whatever else could make decoding long are checked before it begins. Images
 * are decoded in the caller's thread, many at a time; one that takes more memory than is left,
 * within half of the heap and half of the machine's memory outside of it, waits for the others. At
 * its peak an image takes, the file's own bytes not counted:
 *
 * <ul>
 *   <li>JPEG: 3 bytes of heap and as many outside for each pixel that comes out (outside, 7 for
 *       CMYK), and the file again outside; if it comes in several scans, also 2 bytes outside for
 *       each sample of the full size: 3 for a pixel of a usual photo;
 *   <li>PNG: 3 bytes of heap for each pixel that comes out, 3 outside for each of the full size (4
 *       if it may be transparent), and the file again, on the heap and outside; if it is damaged,
 *       four times what it decompresses to, too;
 *   <li>GIF and BMP: 3 bytes of heap for each pixel that comes out, and 1 for each of the full size
 *       where it is compressed;
 *   <li>WebP: 4 bytes of heap and 6 outside for each pixel of the full size, 6 bytes of heap for
 *       each that comes out, and the file four times;
 *   <li>TIFF: three times the samples of the full size, and at least 8 bytes of heap for a pixel of
 *       it; 6 for each that comes out, and the file twice; with JPEG inside, also 15 bytes outside;
 *   <li>HEIC and AVIF: 3 bytes of heap for each pixel that comes out; outside, 12 for each of the
 *       full size, 20 if they have more than 8 bits, and the file.
 * </ul>
 *
 * <p>Turning a photo upright takes 3 more bytes of heap for each pixel that comes out. Thread-safe.
 * Needs TensorFlow's library.
 */
public final class ImageDecoder implements AutoCloseable {
  private final ImageLimits limits;
  private final MemoryBudget memory;
  private final TensorFlowDecoder tensorFlow = new TensorFlowDecoder();

  public ImageDecoder(ImageLimits limits) {
    this(limits, MemoryBudget.ofProcess());
  }

  ImageDecoder(ImageLimits limits, MemoryBudget memory) {
    this.limits = limits;
    this.memory = memory;
  }

  /**
   * Decodes an image at its full size.
   *
   * @throws UndecodableImageException saying why these bytes give no pixels
   */
  public Pixels decode(byte[] bytes) throws UndecodableImageException {
    return decode(bytes, Wanted.ALL);
  }

  /**
   * Decodes an image of which few pixels are needed. A JPEG comes at 1/2, 1/4 or 1/8 of its size,
   * for which only a part of it is decoded, as long as both sides keep twice what is asked for; of
   * other formats, squares of pixels are averaged, as long as both sides keep eight times as much.
   *
   * @throws UndecodableImageException saying why these bytes give no pixels
   */
  public Pixels decode(byte[] bytes, int atLeastWidth, int atLeastHeight)
      throws UndecodableImageException {
    return decode(bytes, new Wanted(atLeastWidth, atLeastHeight));
  }

  private Pixels decode(byte[] bytes, Wanted wanted) throws UndecodableImageException {
    limits.requireBytes(bytes.length);
    try {
      return decode(ImageFormats.open(bytes, limits), wanted);
    } catch (IndexOutOfBoundsException | ArithmeticException | NegativeArraySizeException e) {
      // Nothing is known to end here; what does must not cost an image's neighbours.
      throw new UndecodableImageException(
          ImageError.CORRUPT, "the image contradicts itself: " + e.getMessage(), e);
    }
  }

  private Pixels decode(ImageFile file, Wanted wanted) throws UndecodableImageException {
    try {
      return whole(file, wanted);
    } catch (UndecodableImageException e) {
      Optional<ImageFile> rest =
          e.error() == ImageError.CORRUPT ? file.salvaged() : Optional.empty();
      return whole(rest.orElseThrow(() -> e), wanted);
    }
  }

  private Pixels whole(ImageFile file, Wanted wanted) throws UndecodableImageException {
    Orientation orientation = file.orientation();
    Wanted stored = orientation.swapsSides() ? wanted.swapped() : wanted;
    return memory.within(file.memory(stored), () -> shown(file, orientation, stored));
  }

  private Pixels shown(ImageFile file, Orientation orientation, Wanted stored)
      throws UndecodableImageException {
    Pixels pixels = file.decode(tensorFlow, stored);
    file.colors().convert(pixels.rgb());
    return orientation.upright(pixels);
  }

  @Override
  public void close() {
    tensorFlow.close();
  }
}
