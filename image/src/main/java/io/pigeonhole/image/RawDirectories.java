package io.pigeonhole.image;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * The directories of a TIFF, one after the other and within each other (TIFF/EP, DNG 1.7), as far
 * as they can be read: what is a JPEG in them, and whether one is of a camera's sensor.
 */
final class RawDirectories {
  private static final int MAX = 32;
  private static final int SENSOR = 32803;
  private static final int LINEAR_SENSOR = 34892;

  private static final Set<Integer> TAGS =
      Set.of(
          TiffTags.COMPRESSION,
          TiffTags.PHOTOMETRIC,
          TiffTags.ORIENTATION,
          TiffTags.STRIP_OFFSETS,
          TiffTags.STRIP_LENGTHS,
          TiffTags.SUB_DIRECTORIES,
          TiffTags.JPEG_START,
          TiffTags.JPEG_LENGTH,
          TiffTags.DNG_VERSION);

  /** A part of the file. */
  record Part(long at, int length) {}

  private final FileBytes file;
  private final List<Part> jpegs = new ArrayList<>();
  private final Queue<Long> waiting = new ArrayDeque<>();
  private final Set<Long> seen = new HashSet<>();
  private boolean sensor;
  private Optional<Orientation> orientation = Optional.empty();

  private RawDirectories(FileBytes file) {
    this.file = file;
  }

  static RawDirectories read(FileBytes file) {
    RawDirectories directories = new RawDirectories(file);
    try {
      directories.waiting.add(TiffFields.first(file));
      directories.readAll();
    } catch (UndecodableImageException | ArithmeticException e) {
      // what came before is kept
    }
    return directories;
  }

  private void readAll() throws UndecodableImageException {
    while (!waiting.isEmpty() && seen.size() < MAX) {
      long at = waiting.remove();
      if (at != 0 && seen.add(at)) {
        TiffFields fields = TiffFields.readAt(file, at, TAGS);
        take(fields);
        for (int i = 0; i < Math.min(MAX, fields.count(TiffTags.SUB_DIRECTORIES)); i++) {
          waiting.add((long) fields.value(TiffTags.SUB_DIRECTORIES, i, 0));
        }
        waiting.add(fields.next());
      }
    }
  }

  private void take(TiffFields fields) throws UndecodableImageException {
    int photometric = fields.value(TiffTags.PHOTOMETRIC, 0);
    sensor |= photometric == SENSOR || photometric == LINEAR_SENSOR;
    sensor |= fields.has(TiffTags.DNG_VERSION);
    if (orientation.isEmpty() && fields.has(TiffTags.ORIENTATION)) {
      orientation = Optional.of(Orientation.of(fields.value(TiffTags.ORIENTATION, 1)));
    }
    takeJpeg(fields.value(TiffTags.JPEG_START, 0), fields.value(TiffTags.JPEG_LENGTH, 0));
    if (fields.count(TiffTags.STRIP_OFFSETS) == 1) {
      takeJpeg(fields.value(TiffTags.STRIP_OFFSETS, 0), fields.value(TiffTags.STRIP_LENGTHS, 0));
    }
  }

  private void takeJpeg(int at, int length) {
    if (file.has(at, JpegFile.SIGNATURE) && length <= file.length() - at) {
      jpegs.add(new Part(at, length));
    }
  }

  /** Whether there is anything that a camera's sensor saw. */
  boolean hasSensor() {
    return sensor;
  }

  /** How the image lies, if the file says so. */
  Optional<Orientation> orientation() {
    return orientation;
  }

  /** JPEGs, those of the most bytes first. */
  List<Part> largestJpegs(int most) {
    return jpegs.stream()
        .distinct()
        .sorted(Comparator.comparing(Part::length).reversed())
        .limit(most)
        .toList();
  }
}
