package io.pigeonhole.trainer.data;

import io.pigeonhole.image.ImageError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The decoded pixels of a data set in a folder: one record of fixed size an image, and one byte an
 * image that says what has become of it. A preparation that was killed goes on where it was.
 *
 * <p>Decoding a photo takes a hundred times longer than reading it back, and a training shows each
 * many times: so each is decoded once, into a file. The file is read at random places by the
 * system's own cache, and not mapped, so that the memory of the process stays the same however
 * large it is.
 */
final class PixelCache implements AutoCloseable {

  /** Not looked at yet. */
  static final byte PENDING = 0;

  /** Its pixels are there. */
  static final byte DECODED = 1;

  private static final int FIRST_ERROR = 2;

  /** In the order of their states, which are on disks. */
  private static final List<ImageError> ERRORS =
      List.of(
          ImageError.NOT_AN_IMAGE,
          ImageError.UNSUPPORTED_FORMAT,
          ImageError.CORRUPT,
          ImageError.TOO_LARGE,
          ImageError.TOO_MANY_PIXELS,
          ImageError.EMPTY);

  /** Could not be read; next time it may be. */
  static final byte UNREADABLE = 100;

  private static final Set<StandardOpenOption> WRITING =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final Path folder;
  private final int bytesPerImage;
  private final byte[] states;
  private final FileChannel pixels;
  private final FileChannel saved;
  private final FileChannel locking;
  private final FileLock lock;

  private PixelCache(Path folder, int count, int bytesPerImage) throws IOException {
    this.folder = folder;
    this.bytesPerImage = bytesPerImage;
    Files.createDirectories(folder);
    this.locking = locking(folder);
    this.lock = locking.lock();
    this.pixels = FileChannel.open(pixels(folder), WRITING);
    this.saved = FileChannel.open(states(folder), WRITING);
    this.states = read(saved, count);
  }

  /**
   * Opens a cache, with what is already in it.
   *
   * @param folder its own; made if need be
   * @param count images
   */
  static PixelCache open(Path folder, int count, int bytesPerImage) throws IOException {
    PixelCache cache = new PixelCache(folder, count, bytesPerImage);
    Files.setLastModifiedTime(states(folder), FileTime.from(Instant.now()));
    return cache;
  }

  /** The file that is locked by whoever writes into the folder. */
  static FileChannel locking(Path folder) throws IOException {
    return FileChannel.open(folder.resolve("lock"), WRITING);
  }

  static Path pixels(Path folder) {
    return folder.resolve("pixels");
  }

  static Path states(Path folder) {
    return folder.resolve("states");
  }

  private static byte[] read(FileChannel saved, int count) throws IOException {
    ByteBuffer states = ByteBuffer.allocate(count);
    while (states.hasRemaining() && saved.read(states, states.position()) > 0) {}
    for (int image = 0; image < count; image++) {
      if (states.get(image) == UNREADABLE) {
        states.put(image, PENDING);
      }
    }
    return states.array();
  }

  /** What has become of an image. */
  byte state(int image) {
    return states[image];
  }

  /** Images that were not looked at yet. */
  int pending() {
    int pending = 0;
    for (byte state : states) {
      pending += state == PENDING ? 1 : 0;
    }
    return pending;
  }

  /** The state of an image that is none, or a broken one. */
  static byte failed(ImageError error) {
    return (byte) (FIRST_ERROR + ERRORS.indexOf(error));
  }

  /** As reports name the state of an image that is not there. */
  static String code(byte state) {
    return state == UNREADABLE ? "unreadable" : ERRORS.get(state - FIRST_ERROR).code();
  }

  /** Keeps an image. Called by many threads, for different images. */
  void keep(int image, byte[] rgb) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(rgb);
    long at = (long) image * bytesPerImage;
    try {
      while (buffer.hasRemaining()) {
        at += pixels.write(buffer, at);
      }
    } catch (IOException e) {
      throw new IOException(
          "cannot write %s: %s; what is decoded is kept".formatted(pixels(folder), e.getMessage()),
          e);
    }
    states[image] = DECODED;
  }

  /** Notes that there is no image. */
  void miss(int image, byte state) {
    states[image] = state;
  }

  /** Makes what is known so far outlive this process and this machine's power. */
  synchronized void save() throws IOException {
    byte[] known = Arrays.copyOf(states, states.length);
    pixels.force(false);
    ByteBuffer buffer = ByteBuffer.wrap(known);
    while (buffer.hasRemaining()) {
      saved.write(buffer, buffer.position());
    }
    saved.force(false);
  }

  /** The folder that all is in. */
  Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    try (locking;
        saved;
        pixels) {
      lock.release();
    }
  }
}
