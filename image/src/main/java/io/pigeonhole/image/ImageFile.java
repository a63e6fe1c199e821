package io.pigeonhole.image;

/**
 * A file of which everything but the pixels is read, found sound and bounded; nothing is decoded
 * yet.
 */
interface ImageFile {
  /** Columns, as stored: at least 1. */
  int width();

  /** Rows, as stored: at least 1. */
  int height();

  /** How the stored rows and columns are to be shown. */
  default Orientation orientation() {
    return Orientation.UPRIGHT;
  }

  /** What {@link #decode} takes at its peak. */
  Memory memory(Wanted wanted);

  /**
   * Decodes the image as it is stored, not turned upright.
   *
   * @param wanted in columns and rows as stored
   * @throws UndecodableImageException saying what is wrong with the pixels
   */
  Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted) throws UndecodableImageException;
}
