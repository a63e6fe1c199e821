package io.pigeonhole.image;

/**
 * The frame header of a JPEG (ITU-T T.81, B.2.2).
 *
 * @param progressive whether the image comes in scans that refine each other
 * @param components 1 (grey), 3 (colour) or 4 (CMYK or YCCK)
 * @param blocks of 8 x 8 samples, of all components
 * @param largest the blocks of the component that has most
 */
record JpegFrame(
    int width, int height, boolean progressive, int components, long blocks, long largest) {
  private static final int PROGRESSIVE = 0xc2;
  private static final int MAX_SAMPLING = 4;

  /** Whether a marker begins a frame: SOF, but not DHT, JPG or DAC. */
  static boolean begins(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /**
   * Reads a frame header.
   *
   * @param at the segment's length field
   */
  static JpegFrame read(FileBytes file, int marker, long at, ImageLimits limits)
      throws UndecodableImageException {
    if (marker > PROGRESSIVE) {
      throw file.unsupported(
          "baseline or progressive Huffman coding was expected, found SOF%d", marker - 0xc0);
    }
    int precision = file.u8(at + 2);
    if (precision != 8) {
      throw file.unsupported("8 bits a sample were expected, found %d", precision);
    }
    int height = file.big16(at + 3);
    int width = file.big16(at + 5);
    int components = file.u8(at + 7);
    if (components != 1 && components != 3 && components != 4) {
      throw file.unsupported("1, 3 or 4 components were expected, found %d", components);
    }
    limits.requireSize(file, width, height);
    return sampled(file, at + 8, marker == PROGRESSIVE, width, height, components);
  }

  private static JpegFrame sampled(
      FileBytes file, long table, boolean progressive, int width, int height, int components)
      throws UndecodableImageException {
    int widest = 0;
    int tallest = 0;
    for (int i = 0; i < components; i++) {
      int sampling = file.u8(table + 3L * i + 1);
      int across = sampling >> 4;
      int down = sampling & 15;
      if (across < 1 || across > MAX_SAMPLING || down < 1 || down > MAX_SAMPLING) {
        throw file.corrupt("sampling factors of 1 to 4 were expected, found %dx%d", across, down);
      }
      widest = Math.max(widest, across);
      tallest = Math.max(tallest, down);
    }
    long blocks = 0;
    long largest = 0;
    for (int i = 0; i < components; i++) {
      int sampling = file.u8(table + 3L * i + 1);
      long component =
          blocks(width, sampling >> 4, widest) * blocks(height, sampling & 15, tallest);
      blocks += component;
      largest = Math.max(largest, component);
    }
    return new JpegFrame(width, height, progressive, components, blocks, largest);
  }

  private static long blocks(int side, int sampling, int most) {
    return ((long) side * sampling - 1) / (8L * most) + 1;
  }
}
