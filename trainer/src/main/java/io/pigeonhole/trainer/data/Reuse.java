package io.pigeonhole.trainer.data;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Takes over what was decoded for an earlier state of a data set, so that ten images more cost the
 * decoding of ten. Beside its pixels a cache has the hash of each file's name, and one of all that
 * was listed of it, in the order of the former: two caches are walked through side by side.
 */
final class Reuse {

  private static final String IDS = "ids";

  private final Path folder;
  private final PixelCache cache;
  private final byte[] rgb;

  /**
   * Prepares taking over.
   *
   * @param cache in which images are pending
   */
  Reuse(PixelCache cache, int bytesPerImage) {
    this.folder = cache.folder();
    this.cache = cache;
    this.rgb = new byte[bytesPerImage];
  }

  /** Writes down what a cache has, for those that come later. */
  static void describe(Path folder, Listing listing) throws IOException {
    Path ids = folder.resolve(IDS);
    if (Files.exists(ids)) {
      return;
    }
    Path part = folder.resolve(IDS + ".part");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part), 1 << 16))) {
      for (int file = 0; file < listing.count(); file++) {
        out.writeLong(listing.hash(file));
        out.writeLong(listing.contentId(file));
      }
    }
    Files.move(part, ids);
  }

  /** Takes over from all caches of the same format that there are, from the newest first. */
  void fromOthers() throws IOException {
    String name = folder.getFileName().toString();
    String format = name.substring(name.indexOf('-'));
    Map<Path, FileTime> others = new HashMap<>(); // asked once: others may use them meanwhile
    try (Stream<Path> all = Files.list(folder.resolveSibling(""))) {
      all.filter(each -> each.getFileName().toString().endsWith(format))
          .filter(each -> !each.equals(folder) && Files.exists(each.resolve(IDS)))
          .forEach(each -> others.put(each, used(each)));
    }
    Comparator<Path> byUse = Comparator.comparing(others::get);
    for (Path other : others.keySet().stream().sorted(byUse.reversed()).toList()) {
      if (cache.pending() > 0) {
        from(other);
      }
    }
  }

  private static FileTime used(Path cache) {
    try {
      return Files.getLastModifiedTime(PixelCache.states(cache));
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }

  private void from(Path other) throws IOException {
    try (DataInputStream mine = open(folder.resolve(IDS));
        DataInputStream theirs = open(other.resolve(IDS));
        DataInputStream states = open(PixelCache.states(other));
        RandomAccessFile pixels = new RandomAccessFile(PixelCache.pixels(other).toFile(), "r")) {
      long hash = theirs.readLong();
      long content = theirs.readLong();
      int their = 0;
      int state = states.readByte();
      for (int image = 0; ; image++) {
        long wanted = mine.readLong();
        long wantedContent = mine.readLong();
        while (hash < wanted) {
          hash = theirs.readLong();
          content = theirs.readLong();
          state = states.readByte();
          their++;
        }
        boolean pending = cache.state(image) == PixelCache.PENDING;
        if (pending && hash == wanted && content == wantedContent) {
          take(image, (byte) state, their, pixels);
        }
      }
    } catch (EOFException | FileNotFoundException | NoSuchFileException through) {
      cache.save(); // one of the two is at its end, or somebody has deleted the other
    }
  }

  private void take(int image, byte state, int their, RandomAccessFile pixels) throws IOException {
    if (state == PixelCache.DECODED) {
      pixels.seek((long) their * rgb.length);
      pixels.readFully(rgb);
      cache.keep(image, rgb);
    } else if (state != PixelCache.UNREADABLE) {
      cache.miss(image, state);
    }
  }

  private static DataInputStream open(Path path) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16));
  }
}
