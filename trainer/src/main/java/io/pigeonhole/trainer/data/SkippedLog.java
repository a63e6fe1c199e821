package io.pigeonhole.trainer.data;

import io.pigeonhole.trainer.data.SkippedImages.Skipped;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes down which files were skipped; some are remembered. */
final class SkippedLog implements AutoCloseable {

  private static final int FIRST = 100;

  private final Path path;
  private final BufferedWriter writer;
  private final List<Skipped> first = new ArrayList<>();
  private long count;

  SkippedLog(Path path) throws IOException {
    this.path = path;
    this.writer = Files.newBufferedWriter(path);
  }

  void add(String key, String code) {
    count++;
    if (first.size() < FIRST) {
      first.add(new Skipped(key, code));
    }
    try {
      // a name may have line breaks
      writer.write(code + "\t" + key.replaceAll("\\p{Cntrl}", "?") + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  /** All that was skipped, in a file that stays. */
  SkippedImages movedTo(Path place) throws IOException {
    writer.close();
    Files.move(path, place, StandardCopyOption.REPLACE_EXISTING);
    return new SkippedImages(count, List.copyOf(first), Optional.of(place));
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
