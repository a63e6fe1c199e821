package io.pigeonhole.trainer.data;

import io.pigeonhole.model.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of the CIFAR-10 <a href="https://www.cs.toronto.edu/~kriz/cifar.html">binary
 * version</a>, collected one by one, then put together. A record is a label byte, then 1,024 red,
 * green and blue bytes each, row by row.
 */
final class CifarFiles {

  static final String TEST = "test_batch.bin";
  static final String CLASSES = "batches.meta.txt";
  static final List<String> TRAIN =
      List.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin");

  static final int SIDE = 32;
  static final int PLANE = SIDE * SIDE;
  static final int RECORD = 1 + Images.CHANNELS * PLANE;
  private static final int MOST_RECORDS = 10_000;
  private static final int MOST_CLASS_BYTES = 4096;
  private static final int CLASS_COUNT = 10;

  private final String place;
  private final Map<String, LabeledImages> batches = new HashMap<>();
  private final TreeMap<String, String> sha256 = new TreeMap<>();
  private Optional<List<String>> classes = Optional.empty();

  /**
   * Starts a collection.
   *
   * @param place folder or archive, for messages
   */
  CifarFiles(String place) {
    this.place = place;
  }

  /** Whether a file of this name belongs to the data set. */
  static boolean expects(String name) {
    return TRAIN.contains(name) || name.equals(TEST) || name.equals(CLASSES);
  }

  /** All expected names, in the order in which they are reported when missing. */
  static List<String> names() {
    return List.of(
        CLASSES, TRAIN.get(0), TRAIN.get(1), TRAIN.get(2), TRAIN.get(3), TRAIN.get(4), TEST);
  }

  /**
   * Reads one of the expected files.
   *
   * @param size in bytes, as the folder or archive says
   */
  void add(String name, long size, InputStream in) throws IOException, InvalidDataException {
    if (sha256.containsKey(name)) {
      throw new InvalidDataException(place + " has " + name + " twice");
    }
    MessageDigest digest = sha256();
    DigestInputStream digested = new DigestInputStream(in, digest);
    if (name.equals(CLASSES)) {
      classes = Optional.of(classes(readAll(name, size, MOST_CLASS_BYTES, digested)));
    } else {
      batches.put(name, batch(name, size, digested));
    }
    sha256.put(name, HexFormat.of().formatHex(digest.digest()));
  }

  private List<String> classes(byte[] text) throws InvalidDataException {
    List<String> names =
        new String(text, StandardCharsets.UTF_8)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    if (names.size() != CLASS_COUNT || new HashSet<>(names).size() != CLASS_COUNT) {
      throw new InvalidDataException(
          "%s of %s should name %d different classes, one a line; it has %s"
              .formatted(CLASSES, place, CLASS_COUNT, names));
    }
    for (String name : names) {
      try {
        Manifest.requireClass(name);
      } catch (IllegalArgumentException e) {
        throw new InvalidDataException(CLASSES + " of " + place + ": " + e.getMessage(), e);
      }
    }
    return names;
  }

  private LabeledImages batch(String name, long size, InputStream in)
      throws IOException, InvalidDataException {
    if (size == 0 || size % RECORD != 0 || size > (long) MOST_RECORDS * RECORD) {
      throw new InvalidDataException(
          "%s of %s has %d bytes; expected 1 to %d records of %d bytes"
              .formatted(name, place, size, MOST_RECORDS, RECORD));
    }
    int count = (int) (size / RECORD);
    ByteBuffer pixels = ByteBuffer.allocateDirect(count * (RECORD - 1));
    int[] labels = new int[count];
    byte[] planes = new byte[RECORD];
    byte[] image = new byte[RECORD - 1];
    for (int record = 0; record < count; record++) {
      if (in.readNBytes(planes, 0, RECORD) != RECORD) {
        throw new InvalidDataException(
            "%s of %s ends in record %d of %d".formatted(name, place, record + 1, count));
      }
      labels[record] = label(name, record, planes[0]);
      interleave(planes, image);
      pixels.put(image);
    }
    return new LabeledImages(List.of(), SIDE, pixels, labels); // named once all is read
  }

  private int label(String name, int record, byte label) throws InvalidDataException {
    if (label < 0 || label >= CLASS_COUNT) {
      throw new InvalidDataException(
          "%s of %s has label %d in record %d; expected 0 to %d"
              .formatted(name, place, label & 0xff, record + 1, CLASS_COUNT - 1));
    }
    return label;
  }

  private static void interleave(byte[] planes, byte[] image) {
    for (int pixel = 0; pixel < PLANE; pixel++) {
      for (int channel = 0; channel < Images.CHANNELS; channel++) {
        image[pixel * Images.CHANNELS + channel] = planes[1 + channel * PLANE + pixel];
      }
    }
  }

  private byte[] readAll(String name, long size, int most, InputStream in)
      throws IOException, InvalidDataException {
    byte[] bytes = in.readNBytes(most + 1);
    if (size > most || bytes.length > most) {
      throw new InvalidDataException(
          "%s of %s has more than %d bytes".formatted(name, place, most));
    }
    return bytes;
  }

  /** Puts together what was read. */
  Dataset dataset() throws InvalidDataException {
    List<String> missing = names().stream().filter(name -> !sha256.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      throw new InvalidDataException(
          "%s is not the CIFAR-10 binary version: it lacks %s"
              .formatted(place, String.join(", ", missing)));
    }
    Split split = Split.of(new JoinedImages(TRAIN.stream().map(this::named).toList()));
    MessageDigest digest = sha256();
    sha256.forEach(
        (name, hash) ->
            digest.update((hash + "  " + name + "\n").getBytes(StandardCharsets.UTF_8)));
    return new Dataset(
        split.train(),
        split.heldOut(),
        named(TEST),
        HexFormat.of().formatHex(digest.digest()),
        SkippedImages.NONE);
  }

  private LabeledImages named(String name) {
    LabeledImages batch = batches.get(name);
    return new LabeledImages(classes.orElseThrow(), SIDE, batch.pixels(), batch.labels());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
