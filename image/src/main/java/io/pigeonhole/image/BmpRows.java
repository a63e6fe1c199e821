package io.pigeonhole.image;

/** The rows of a bitmap as colours. */
interface BmpRows {
  /** Reads a row, counted as it is stored. */
  void read(int storedRow, RgbRow row) throws UndecodableImageException;
}
