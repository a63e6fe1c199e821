package io.pigeonhole.trainer.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Images in a {@link PixelCache}'s file. The file is open as long as anybody has this. It is no
 * channel, because those close when a thread that reads is interrupted.
 */
final class CachedImages implements Images {

  private final Path path;
  private final RandomAccessFile file;
  private final List<String> classes;
  private final int size;
  private final int[] labels;

  CachedImages(Path path, List<String> classes, int size, int[] labels)
      throws FileNotFoundException {
    this.path = path;
    this.file = new RandomAccessFile(path.toFile(), "r");
    this.classes = List.copyOf(classes);
    this.size = size;
    this.labels = labels;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int[] labels() {
    return labels;
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
