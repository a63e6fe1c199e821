package io.pigeonhole.image;

import java.util.Arrays;

/**
 * The bytes of a file, of which none can be read beyond the end.
 *
 * @param format as errors name the file, like {@code PNG}
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record FileBytes(String format, byte[] bytes) {

  int length() {
    return bytes.length;
  }

  int u8(long at) throws UndecodableImageException {
    require(at, 1);
    return bytes[(int) at] & 0xff;
  }

  int big16(long at) throws UndecodableImageException {
    require(at, 2);
    return (bytes[(int) at] & 0xff) << 8 | (bytes[(int) at + 1] & 0xff);
  }

  int big32(long at) throws UndecodableImageException {
    return big16(at) << 16 | big16(at + 2);
  }

  int little16(long at) throws UndecodableImageException {
    require(at, 2);
    return (bytes[(int) at] & 0xff) | (bytes[(int) at + 1] & 0xff) << 8;
  }

  int little32(long at) throws UndecodableImageException {
    return little16(at) | little16(at + 2) << 16;
  }

  /** Whether the file has this text, one byte a character, at this place. */
  boolean has(long at, String text) {
    if (at < 0 || at > bytes.length - text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if ((bytes[(int) at + i] & 0xff) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** A part of the file, which must be there. */
  FileBytes slice(long at, int length) {
    return new FileBytes(format, Arrays.copyOfRange(bytes, (int) at, (int) at + length));
  }

  /** The file with these bytes at its end. */
  FileBytes with(byte[] end) {
    byte[] all = Arrays.copyOf(bytes, bytes.length + end.length);
    System.arraycopy(end, 0, all, bytes.length, end.length);
    return new FileBytes(format, all);
  }

  /** Makes sure that the file does not end before so many bytes from a place on. */
  void require(long at, long count) throws UndecodableImageException {
    if (at < 0 || count < 0 || at > bytes.length - count) {
      throw corrupt("%d bytes at %d were expected, it ends at %d", count, at, bytes.length);
    }
  }

  UndecodableImageException corrupt(String message, Object... values) {
    return error(ImageError.CORRUPT, message, values);
  }

  UndecodableImageException unsupported(String message, Object... values) {
    return error(ImageError.UNSUPPORTED_FORMAT, message, values);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more library
  private UndecodableImageException error(ImageError error, String message, Object... values) {
    return new UndecodableImageException(
        error, "the " + format + ": " + String.format(message, values));
  }
}
