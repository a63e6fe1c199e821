package io.pigeonhole.image;

import java.util.Optional;

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

  /** How the colours of the decoded pixels become sRGB. */
  default ColorConversion colors() throws UndecodableImageException {
    return ColorConversion.NONE;
  }

  /**
   * The same file, to be decoded as far as it goes; called if it could not be decoded otherwise,
   * and empty if nothing is to be gained.
   */
  default Optional<ImageFile> salvaged() {
    return Optional.empty();
  }

  /** What {@link #decode} takes at its peak. */
  Memory memory(Wanted wanted) throws UndecodableImageException;

  /**
   * Decodes the image as it is stored, not turned upright.
   *
   * @param wanted in columns and rows as stored
   * @throws UndecodableImageException saying what is wrong with the pixels
   */
  Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted) throws UndecodableImageException;
}
