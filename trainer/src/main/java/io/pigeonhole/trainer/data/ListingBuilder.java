package io.pigeonhole.trainer.data;

import io.pigeonhole.model.Manifest;
import io.pigeonhole.trainer.data.Corrections.Correction;
import io.pigeonhole.trainer.data.Listing.Entry;
import io.pigeonhole.trainer.data.Listing.Origin;
import io.pigeonhole.trainer.data.Parts.Part;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Gathers what the places of a data set have. Names go to the disk at once. */
final class ListingBuilder implements AutoCloseable {

  /** Told apart from the classes, whose numbers begin at 0. */
  private static final int FIRST = 1 << 10;

  private final Corrections corrections;
  private final SkippedLog skipped;
  private final MessageDigest digest = Digests.sha256();
  private final Path path;
  private final DataOutputStream names;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> labels = new ArrayList<>();
  private final Set<String> empty = new TreeSet<>();
  private final Set<String> filled = new HashSet<>();
  private final Set<String> learned = new HashSet<>();
  private final Set<Correction> used = new HashSet<>();
  private long[] hashes = new long[FIRST];
  private long[] offsets = new long[FIRST];
  private int[] classes = new int[FIRST];
  private int count;
  private long written;

  /**
   * Starts with nothing.
   *
   * @param path of the file that is to have the names
   */
  ListingBuilder(Path path, Corrections corrections, SkippedLog skipped) throws IOException {
    this.path = path;
    this.corrections = corrections;
    this.skipped = skipped;
    this.names =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path), 1 << 16));
  }

  /**
   * Adds what a place has.
   *
   * @param split whose folders have the class folders in them
   */
  void add(Origin origin, ImagePlace place, SplitFolders split)
      throws IOException, InvalidDataException {
    place.list(
        new ImagePlace.Found() {
          @Override
          public void folder(String key) throws InvalidDataException {
            if (origin == Origin.DATA && split.isClass(key) && !Names.ignored(key)) {
              empty.add(valid("folder", place, split.classOf(key + "/")));
            }
          }

          @Override
          public void file(String key, long size, String stamp)
              throws IOException, InvalidDataException {
            if (Names.ignored(key)) {
              return;
            }
            String folder = split.classOf(key);
            if (folder.isEmpty()) {
              skipped.add(key, "no-class");
              return;
            }
            put(key, valid("folder", place, folder), size, stamp);
          }

          @Override
          public void labeled(String key, String label, long size, String stamp)
              throws IOException, InvalidDataException {
            put(key, valid("label", place, label), size, stamp);
          }

          private void put(String key, String label, long size, String stamp) throws IOException {
            boolean tested =
                origin == Origin.TEST || split.partOf(key).equals(Optional.of(Part.TEST));
            Optional<String> shown =
                tested ? tested(place, key, stamp, label) : corrected(place, key, stamp, label);
            if (shown.isPresent()) {
              ListingBuilder.this.put(new Entry(origin, key, size, stamp), shown.get());
            }
            filled.add(label);
          }

          @Override
          public void unusable(String key, String code) {
            skipped.add(key, code);
          }
        });
  }

  /** Tested is with what folders say, but not with what shows none of the classes. */
  private Optional<String> tested(ImagePlace place, String key, String stamp, String label)
      throws IOException {
    boolean none =
        corrections.of(place, key, stamp).filter(said -> said.label().isEmpty()).isPresent();
    return none ? Optional.empty() : Optional.of(label);
  }

  /**
   * What a person says, or else the place; empty if a person says that it is none of the classes.
   */
  private Optional<String> corrected(ImagePlace place, String key, String stamp, String label)
      throws IOException {
    Optional<Correction> correction = corrections.of(place, key, stamp);
    if (correction.isEmpty()) {
      return Optional.of(label);
    }
    used.add(correction.get());
    return correction.get().label();
  }

  /** Adds the corrected images that are in none of the places. */
  private void addCorrected() throws IOException {
    int none = 0;
    for (Correction each : corrections.all()) {
      if (each.label().isEmpty()) {
        none++;
      } else if (!used.contains(each)) {
        put(new Entry(Origin.CORRECTION, each.object(), -1, each.etag()), each.label().get());
      }
    }
    if (none > 0) {
      skipped.add("%d images corrected to none of the classes".formatted(none), "no-class");
    }
    corrections.unusable().forEach(key -> skipped.add(key, "unreadable"));
  }

  private static String valid(String what, ImagePlace place, String label)
      throws InvalidDataException {
    try {
      Manifest.requireClass(label);
      return label;
    } catch (IllegalArgumentException e) {
      String hint =
          label.indexOf('\uFFFD') >= 0 ? "; set LC_ALL=C.UTF-8 to read names beyond ASCII" : "";
      throw new InvalidDataException(
          "the %s '%s' in %s cannot be a class: %s%s"
              .formatted(what, label, place.name(), e.getMessage(), hint),
          e);
    }
  }

  private void put(Entry entry, String label) throws IOException {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, count * 2);
      offsets = Arrays.copyOf(offsets, count * 2);
      classes = Arrays.copyOf(classes, count * 2);
    }
    if (entry.origin() != Origin.TEST) {
      learned.add(label);
    }
    classes[count] =
        numbers.computeIfAbsent(
            label,
            added -> {
              labels.add(added);
              return labels.size() - 1;
            });
    String hashed = entry.origin() == Origin.TEST ? "test:" + entry.key() : entry.key();
    digest.update(Names.composed(hashed).getBytes(StandardCharsets.UTF_8));
    hashes[count] = ByteBuffer.wrap(digest.digest()).getLong();
    offsets[count] = written;
    count++;
    write(entry);
  }

  private void write(Entry entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(entry.origin().name());
    out.writeUTF(entry.key());
    out.writeLong(entry.size());
    out.writeUTF(entry.stamp());
    names.writeInt(bytes.size());
    bytes.writeTo(names);
    written += Integer.BYTES + bytes.size();
  }

  /**
   * Orders what was gathered.
   *
   * @param wanted the classes that there may be, in their order; empty: those that there are
   * @throws InvalidDataException if these are no classes to learn
   */
  Listing build(List<String> wanted) throws IOException, InvalidDataException {
    addCorrected();
    names.flush();
    empty.removeAll(filled);
    if (!empty.isEmpty()) {
      throw new InvalidDataException(
          "the class folder '%s' is empty; put images into it, or remove it"
              .formatted(empty.iterator().next()));
    }
    Set<String> left = leftOut(wanted);
    List<String> sorted =
        wanted.isEmpty()
            ? learned.stream().filter(label -> !left.contains(label)).sorted().toList()
            : wanted;
    if (sorted.size() < 2) {
      throw new InvalidDataException(
          "found %d classes, %s; expected at least 2 with images: folders, or labels in a list"
              .formatted(sorted.size(), sorted));
    }
    try {
      Manifest.requireClasses(sorted);
    } catch (IllegalArgumentException e) {
      throw new InvalidDataException(e.getMessage(), e);
    }
    int[] places = places(sorted, left);
    int[] order = IntStream.of(order()).filter(file -> places[classes[file]] >= 0).toArray();
    return new Listing(
        path,
        sorted,
        Arrays.stream(order).mapToLong(file -> hashes[file]).toArray(),
        Arrays.stream(order).mapToLong(file -> offsets[file]).toArray(),
        Arrays.stream(order).map(file -> places[classes[file]]).toArray());
  }

  /** Classes that only corrections name, and too few of them: a slip must not cost a training. */
  private Set<String> leftOut(List<String> wanted) {
    long[] counts = new long[labels.size()];
    for (int file = 0; file < count; file++) {
      counts[classes[file]]++;
    }
    Set<String> left = new TreeSet<>();
    for (int label = 0; label < counts.length; label++) {
      String name = labels.get(label);
      boolean known =
          wanted.isEmpty() ? counts[label] >= Corrections.NEW_CLASS : wanted.contains(name);
      if (!known && !filled.contains(name)) {
        left.add(name);
        skipped.add("%d images corrected to '%s'".formatted(counts[label], name), "new-class");
      }
    }
    return left;
  }

  /** The place of each label among the classes; less than 0 for those that are left out. */
  private int[] places(List<String> sorted, Set<String> left) throws InvalidDataException {
    int[] places = labels.stream().mapToInt(sorted::indexOf).toArray();
    for (int label = 0; label < places.length; label++) {
      if (places[label] < 0 && !left.contains(labels.get(label))) {
        throw new InvalidDataException(
            "there are images of the class '%s'; expected one of %s"
                .formatted(labels.get(label), sorted));
      }
    }
    return places;
  }

  /**
   * The files by their hashes. Half of a hash is sorted together with the number of its file; what
   * ties is put right afterwards, so that the order in which a disk lists files never shows.
   */
  private int[] order() {
    long[] halves = new long[count];
    for (int file = 0; file < count; file++) {
      halves[file] = (hashes[file] & 0xFFFF_FFFF_0000_0000L) | file;
    }
    Arrays.sort(halves);
    int[] order = Arrays.stream(halves).mapToInt(half -> (int) half).toArray();
    for (int i = 1; i < count; i++) {
      for (int j = i; j > 0 && tiesBefore(order[j], order[j - 1]); j--) {
        int first = order[j - 1];
        order[j - 1] = order[j];
        order[j] = first;
      }
    }
    return order;
  }

  private boolean tiesBefore(int file, int other) {
    return hashes[file] >>> 32 == hashes[other] >>> 32
        && Long.compareUnsigned(hashes[file], hashes[other]) < 0;
  }

  @Override
  public void close() throws IOException {
    names.close();
  }
}
