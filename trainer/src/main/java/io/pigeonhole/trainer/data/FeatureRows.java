package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * What a base has made of images, in a file beside the decoded ones: computed once, kept within the
 * same limit, read back in parts. A computation that was killed goes on where it was.
 */
public final class FeatureRows implements AutoCloseable {

  private final PixelCache cache;
  private final RandomAccessFile file;
  private final int floats;

  private FeatureRows(PixelCache cache, int floats) throws IOException {
    this.cache = cache;
    this.floats = floats;
    this.file = new RandomAccessFile(PixelCache.pixels(cache.folder()).toFile(), "r");
  }

  /**
   * Opens the features of a set of images, with what is known of them already.
   *
   * @param root folder of all decoded data sets
   * @param limit bytes that these may take together, if that is enough for this one
   * @param name that tells images, base and views from others
   * @param count images
   * @param floats of each image
   * @throws IOException if the disk has no room, or cannot be written to
   */
  public static FeatureRows open(Path root, long limit, String name, int count, int floats)
      throws IOException {
    Path folder = root.resolve(name);
    long bytes = (long) count * floats * Float.BYTES;
    CacheFolder kept = new CacheFolder(root, limit);
    kept.makeRoom(folder, bytes);
    kept.keepWithinLimit(folder, bytes);
    PixelCache cache = PixelCache.open(folder, count, floats * Float.BYTES);
    try {
      return new FeatureRows(cache, floats);
    } catch (IOException e) {
      cache.close();
      throw e;
    }
  }

  /** Whether the features of an image are there. */
  public boolean has(int image) {
    return cache.state(image) == PixelCache.DECODED;
  }

  /** Images whose features are still to be computed. */
  public int pending() {
    return cache.pending();
  }

  /** Keeps the features of an image. */
  public void keep(int image, float[] features) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(floats * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(features);
    cache.keep(image, bytes.array());
  }

  /** Makes what is known so far outlive this process. */
  public void save() throws IOException {
    cache.save();
  }

  /**
   * The features of images.
   *
   * @param from first image
   * @param to behind the last
   * @throws UncheckedIOException if they cannot be read
   */
  public float[] read(int from, int to) {
    byte[] bytes = new byte[Math.multiplyExact(to - from, floats * Float.BYTES)];
    try {
      synchronized (file) {
        file.seek((long) from * floats * Float.BYTES);
        file.readFully(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the features in %s: %s".formatted(cache.folder(), e.getMessage()), e);
    }
    float[] numbers = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
    return numbers;
  }

  @Override
  public void close() throws IOException {
    try (file) {
      cache.close();
    }
  }
}
