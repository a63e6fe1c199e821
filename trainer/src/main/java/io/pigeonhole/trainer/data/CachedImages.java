package io.pigeonhole.trainer.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Images in a {@link PixelCache}'s file. It and the file of their names are open as long as anybody
 * has this. They are no channels, because those close when a thread that reads is interrupted.
 */
final class CachedImages implements Images {

  private final Path path;
  private final RandomAccessFile file;
  private final Listing listing;
  private final int size;

  /** Images of a listing, which stays open. */
  CachedImages(Path path, Listing listing, int size) throws FileNotFoundException {
    this.path = path;
    this.file = new RandomAccessFile(path.toFile(), "r");
    this.listing = listing;
    this.size = size;
  }

  @Override
  public List<String> classes() {
    return listing.classes();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int[] labels() {
    return listing.labels();
  }

  @Override
  public String name(int image) {
    try {
      return listing.entry(image).key();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the name of image " + image, e);
    }
  }

  @Override
  public void read(int image, byte[] target, int at) {
    try {
      synchronized (file) {
        file.seek((long) image * bytesPerImage());
        file.readFully(target, at, bytesPerImage());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read image %d of %s: %s".formatted(image, path, e.getMessage()), e);
    }
  }
}
