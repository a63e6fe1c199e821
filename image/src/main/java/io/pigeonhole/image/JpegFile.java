package io.pigeonhole.image;

import java.util.Optional;

/**
 * A JPEG (ITU-T T.81), baseline or progressive, whose markers are read the way libjpeg does, which
 * then decodes what was bounded here.
 *
 * @param scan where the first scan's header is
 * @param inverted whether CMYK is, where Adobe's marker does not say so
 * @param buffered whether every coefficient must lie in memory before the first pixel is known
 * @param cut whether its end is missing, and what there is of it is to be decoded
 */
record JpegFile(
    FileBytes file,
    JpegFrame frame,
    JpegMetadata metadata,
    int scan,
    boolean inverted,
    boolean buffered,
    boolean cut)
    implements ImageFile {
  static final String SIGNATURE = "\u00ff\u00d8\u00ff";

  private static final int MAX_RATIO = 8;
  private static final int MARGIN = 2;
  // Encoders make about ten; each one passes over the whole image again.
  private static final int MAX_SCANS = 100;
  private static final long MAX_BLOCKS_SCANNED = 100_000_000;
  // A row of blocks before and after its conversion, and the tables.
  private static final long BYTES_PER_COLUMN = 256;
  private static final long BYTES_PER_BLOCK = 128;

  private static final byte[] END = {(byte) 0xff, (byte) 0xd9};
  private static final int GREY = 128;
  private static final int ROWS_OF_BLOCKS = 32;

  private static final int START_OF_IMAGE = 0xd8;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;

  /** Reads everything up to the first scan, and how many scans there are. */
  static JpegFile read(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes("JPEG", bytes);
    JpegFrame frame = null;
    JpegMetadata metadata = new JpegMetadata(file);
    int at = afterMarker(file, 2);
    int marker = file.u8(at - 1);
    while (marker != START_OF_SCAN) {
      if (marker == START_OF_IMAGE || marker == END_OF_IMAGE) {
        throw file.corrupt("it ends or begins again at %d, before its first scan", at);
      } else if (JpegFrame.begins(marker) && frame == null) {
        frame = JpegFrame.read(file, marker, at, limits);
      }
      int length = segmentLength(file, marker, at);
      metadata.take(marker, at, length);
      at = afterMarker(file, at + length);
      marker = file.u8(at - 1);
    }
    if (frame == null) {
      throw file.corrupt("a frame header was expected before the scan at %d", at);
    }
    return scanned(file, frame, metadata, at);
  }

  private static JpegFile scanned(FileBytes file, JpegFrame frame, JpegMetadata metadata, int scan)
      throws UndecodableImageException {
    // Each block of a component takes a bit or more: a few bytes cannot claim a large image.
    if (frame.largest() / 8 > file.length()) {
      throw file.corrupt(
          "%d x %d pixels cannot come from %d bytes", frame.width(), frame.height(), file.length());
    }
    boolean buffered = frame.progressive() || file.u8(scan + 2L) < frame.components();
    if (buffered) {
      requireFewScans(file, frame, scan);
    }
    return new JpegFile(file, frame, metadata, scan, true, buffered, false);
  }

  private static void requireFewScans(FileBytes file, JpegFrame frame, int first)
      throws UndecodableImageException {
    long most = Math.min(MAX_SCANS, Math.max(20, MAX_BLOCKS_SCANNED / frame.blocks()));
    byte[] bytes = file.bytes();
    int scans = 1;
    for (int at = first; at < bytes.length - 1; at++) {
      if (bytes[at] == (byte) 0xff) {
        int marker = bytes[at + 1] & 0xff;
        if (marker == END_OF_IMAGE) {
          return;
        } else if (marker == START_OF_SCAN && ++scans > most) {
          throw file.corrupt(
              "at most %d scans of %d x %d pixels were expected, found more",
              most, frame.width(), frame.height());
        }
      }
    }
  }

  /** The place after the next marker; what is no marker in between is passed over. */
  private static int afterMarker(FileBytes file, int from) throws UndecodableImageException {
    int at = from;
    while (true) {
      while (file.u8(at) != 0xff) {
        at++;
      }
      while (file.u8(at) == 0xff) {
        at++;
      }
      at++;
      if (file.u8(at - 1) != 0) {
        return at;
      }
    }
  }

  private static int segmentLength(FileBytes file, int marker, int at)
      throws UndecodableImageException {
    boolean alone = marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    if (alone) {
      return 0;
    }
    int length = file.big16(at);
    if (length < 2) {
      throw file.corrupt("a segment of 2 bytes or more was expected at %d, found %d", at, length);
    }
    return length;
  }

  @Override
  public int width() {
    return frame.width();
  }

  @Override
  public int height() {
    return frame.height();
  }

  @Override
  public Orientation orientation() {
    return metadata.orientation();
  }

  @Override
  public ColorConversion colors() {
    return frame.components() == 3 ? metadata.colors() : ColorConversion.NONE;
  }

  @Override
  public Memory memory(Wanted wanted) {
    int ratio = ratio(wanted);
    long pixels = 3 * Reduction.pixels(width(), height(), ratio);
    long turned = orientation() == Orientation.UPRIGHT ? 0 : pixels;
    // A CMYK image is held whole in its own colours first.
    long decoded = frame.components() == 4 ? pixels / 3 * 7 : pixels;
    return new Memory(
        pixels + turned + (cut || lacksAdobeMarker() ? 2L * file.length() : 0),
        file.length()
            + decoded
            + width() * BYTES_PER_COLUMN
            + (buffered ? frame.blocks() * BYTES_PER_BLOCK : 0));
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    FileBytes marked = lacksAdobeMarker() ? metadata.withAdobeMarker() : file;
    if (!cut) {
      return tensorFlow.jpeg(marked, ratio(wanted));
    } else if (buffered) {
      JpegScans.requireLuminance(file, frame, scan);
    }
    Pixels pixels = tensorFlow.jpeg(marked.with(END), ratio(wanted));
    Missing.require(file, found(pixels), pixels.rgb().length);
    return pixels;
  }

  /** How many values come before those that libjpeg makes grey, as there is nothing of them. */
  private int found(Pixels pixels) {
    byte[] values = pixels.rgb();
    byte filling = (byte) (frame.components() == 4 ? GREY * GREY / 255 : GREY);
    int end = values.length;
    while (end > 0 && values[end - 1] == filling) {
      end--;
    }
    // the last rows end at different columns: those of blocks that are there and are not
    int start = Math.max(0, end / (3 * pixels.width()) - ROWS_OF_BLOCKS) * 3 * pixels.width();
    int found = start;
    for (int i = start; i < end; i++) {
      found += values[i] == filling ? 0 : 1;
    }
    return found;
  }

  /** The same file if its CMYK is not inverted, as within TIFF. */
  JpegFile notInverted() {
    return new JpegFile(file, frame, metadata, scan, false, buffered, cut);
  }

  /** CMYK is inverted in JPEGs whether or not they say so; TensorFlow must be told. */
  private boolean lacksAdobeMarker() {
    return inverted && frame.components() == 4 && !metadata.isAdobes();
  }

  @Override
  public Optional<ImageFile> salvaged() {
    return cut || JpegScans.hasEnd(file, scan)
        ? Optional.empty()
        : Optional.of(new JpegFile(file, frame, metadata, scan, inverted, buffered, true));
  }

  /** The largest ratio at which libjpeg decodes and that leaves the pixels wanted. */
  private int ratio(Wanted wanted) {
    return Integer.highestOneBit(Math.min(MAX_RATIO, wanted.divisor(width(), height(), MARGIN)));
  }
}
