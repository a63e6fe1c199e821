package io.pigeonhole.trainer.data;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * The files of a data set in the order of their names' hashes, which is as good as shuffled. Only
 * numbers are in memory, two dozen bytes a file; the names are in a file of their own.
 */
final class Listing implements AutoCloseable {

  private final RandomAccessFile names;
  private final List<String> classes;
  private final long[] hashes;
  private final long[] offsets;
  private final int[] labels;

  /**
   * A file of the data set.
   *
   * @param origin where it comes from
   * @param key its name there
   * @param size in bytes
   * @param stamp another one whenever the content is another
   */
  record Entry(Origin origin, String key, long size, String stamp) {}

  /** What a file is there for. */
  enum Origin {
    DATA,
    TEST,
    CORRECTION
  }

  Listing(Path path, List<String> classes, long[] hashes, long[] offsets, int[] labels)
      throws IOException {
    this.names = new RandomAccessFile(path.toFile(), "r");
    this.classes = List.copyOf(classes);
    this.hashes = hashes;
    this.offsets = offsets;
    this.labels = labels;
  }

  int count() {
    return hashes.length;
  }

  List<String> classes() {
    return classes;
  }

  int[] labels() {
    return labels;
  }

  /** Place of a file between 0 and 1 that only its name decides. */
  double lot(int file) {
    return (hashes[file] >>> 11) * 0x1.0p-53;
  }

  /** Of a file's name; the files are in its order. */
  long hash(int file) {
    return hashes[file];
  }

  /** Of all that was listed of a file: another one, and its pixels may be others. */
  long contentId(int file) throws IOException {
    return ByteBuffer.wrap(Digests.sha256().digest(record(file))).getLong();
  }

  /** Lower-case hex, of everything that decides the pixels: names, sizes, stamps. */
  String contentSha256() throws IOException {
    MessageDigest digest = Digests.sha256();
    for (int file = 0; file < count(); file++) {
      digest.update(record(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Adds the same of one file, and its class. */
  void digest(int file, MessageDigest digest) throws IOException {
    digest.update(record(file));
    digest.update(classes.get(labels[file]).getBytes(StandardCharsets.UTF_8));
  }

  /** A file's name, from the disk. */
  Entry entry(int file) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(record(file)));
    return new Entry(Origin.valueOf(in.readUTF()), in.readUTF(), in.readLong(), in.readUTF());
  }

  private byte[] record(int file) throws IOException {
    synchronized (names) {
      names.seek(offsets[file]);
      byte[] record = new byte[names.readInt()];
      names.readFully(record);
      return record;
    }
  }

  @Override
  public void close() throws IOException {
    names.close();
  }
}
