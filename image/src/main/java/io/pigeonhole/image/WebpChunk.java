package io.pigeonhole.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A part of a WebP: its kind, where its contents begin, and how long they are. */
record WebpChunk(String type, long at, int length) {
  static final int HEADER = 8;
  private static final int FIRST = 12;
  private static final int FRAME_HEADER = 16;

  /** The first chunk of each kind; those of an animation's first frame are among them. */
  static Map<String, WebpChunk> first(FileBytes file) throws UndecodableImageException {
    Map<String, WebpChunk> chunks = new HashMap<>();
    long end = Math.min(file.length(), HEADER + (file.little32(4) & 0xffffffffL));
    boolean pixels = false;
    for (long at = FIRST; at + HEADER <= end; ) {
      WebpChunk chunk = read(file, at);
      boolean alpha = chunk.type.equals("ALPH");
      if (!alpha || !pixels) {
        chunks.putIfAbsent(chunk.type, chunk);
      }
      pixels |= chunk.hasPixels();
      boolean frame = chunk.type.equals("ANMF") && !pixels;
      at = frame ? chunk.at + FRAME_HEADER : chunk.end();
    }
    return chunks;
  }

  private static WebpChunk read(FileBytes file, long at) throws UndecodableImageException {
    String type = new String(file.bytes(), (int) at, 4, StandardCharsets.ISO_8859_1);
    long length = file.little32(at + 4) & 0xffffffffL;
    file.require(at + HEADER, length);
    return new WebpChunk(type, at + HEADER, (int) length);
  }

  private boolean hasPixels() {
    return type.equals("VP8 ") || type.equals("VP8L");
  }

  byte[] content(FileBytes file) {
    return Arrays.copyOfRange(file.bytes(), (int) at, (int) at + length);
  }

  /** Its length in a file: padded to an even number. */
  int paddedLength() {
    return length + (length & 1);
  }

  private long end() {
    return at + paddedLength();
  }
}
