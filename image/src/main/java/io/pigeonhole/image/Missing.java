package io.pigeonhole.image;

/**
 * How much of an image may be missing. Browsers show whatever there is of one that broke off, and
 * Pillow raises an error for any part that is missing. An image whose larger part is there mostly
 * shows what it is of, and one of which less is there is not worth a label.
 */
final class Missing {
  /** The part of an image's pixels that must be there. */
  static final float LEAST = 0.5f;

  private Missing() {}

  /**
   * Makes sure that enough is there.
   *
   * @throws UndecodableImageException {@code corrupt} if not
   */
  static void require(FileBytes file, long found, long all) throws UndecodableImageException {
    if (found < LEAST * all) {
      throw file.corrupt(
          "at least %.0f %% of its pixels were expected, it breaks off after %.0f %%",
          100 * LEAST, Math.floor(100.0 * found / all));
    }
  }
}
