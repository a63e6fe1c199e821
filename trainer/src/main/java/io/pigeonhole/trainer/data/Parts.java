package io.pigeonhole.trainer.data;

import io.pigeonhole.trainer.data.Listing.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which images are trained on, held out, and tested with. The hash of an image's name draws its
 * lot: one in ten is tested with, one in ten is held out. So an image stays where it is, whatever
 * is added. Where chance leaves a class without one to test with or to hold out, as it does with
 * some dozens of images, the class's first of the rest by the hash is taken.
 */
final class Parts {

  private static final double TEST = 0.1;
  private static final double HELD_OUT = 0.2;

  /** What an image is for. */
  enum Part {
    TRAIN,
    HELD_OUT,
    TEST
  }

  private final Listing listing;
  private final int[] places;
  private final Part[] parts;

  private Parts(Listing listing, int[] places, Part[] parts) {
    this.listing = listing;
    this.places = places;
    this.parts = parts;
  }

  /**
   * Divides a data set.
   *
   * @param usable whether an image can be used
   * @param testsApart whether there are images to test with of their own
   * @param split says for some what they are for
   */
  static Parts of(Listing listing, IntPredicate usable, boolean testsApart, SplitFolders split)
      throws IOException {
    int[] places = IntStream.range(0, listing.count()).filter(usable).toArray();
    Part[] parts = new Part[places.length];
    for (int i = 0; i < places.length; i++) {
      Entry entry = listing.entry(places[i]);
      Part drawn = drawn(listing.lot(places[i]), testsApart);
      parts[i] =
          switch (entry.origin()) {
            case TEST -> Part.TEST;
            case CORRECTION -> drawn;
            case DATA ->
                split.partOf(entry.key()).map(part -> given(part, drawn, split)).orElse(drawn);
          };
    }
    return new Parts(listing, places, parts);
  }

  /** What is held out or tested with is not taken from training where it has its own folder. */
  private static Part given(Part given, Part drawn, SplitFolders split) {
    return given == Part.TRAIN && !split.has(drawn) ? drawn : given;
  }

  /**
   * Gives each class one to hold out and, if there are no others to test with, one to test with.
   */
  void fill(boolean testsApart) {
    if (!testsApart) {
      fill(Part.TEST);
    }
    fill(Part.HELD_OUT);
  }

  private static Part drawn(double lot, boolean testsApart) {
    if (lot < TEST) {
      return testsApart ? Part.TRAIN : Part.TEST;
    }
    return lot < HELD_OUT ? Part.HELD_OUT : Part.TRAIN;
  }

  /** Moves an image into a part of each class that has none in it. */
  private void fill(Part part) {
    int[] present = counts(part);
    int[] labels = listing.labels();
    for (int i = 0; i < places.length; i++) {
      int label = labels[places[i]];
      if (present[label] == 0 && parts[i] == Part.TRAIN) {
        parts[i] = part;
        present[label] = 1;
      }
    }
  }

  private int[] counts(Part part) {
    int[] counts = new int[listing.classes().size()];
    for (int i = 0; i < places.length; i++) {
      counts[listing.labels()[places[i]]] += parts[i] == part ? 1 : 0;
    }
    return counts;
  }

  /**
   * Requires that every class can be learned and measured.
   *
   * @throws InvalidDataException naming the first class that cannot
   */
  void require() throws InvalidDataException {
    int[] train = counts(Part.TRAIN);
    int[] heldOut = counts(Part.HELD_OUT);
    int[] test = counts(Part.TEST);
    List<String> classes = listing.classes();
    for (int label = 0; label < classes.size(); label++) {
      int usable = train[label] + heldOut[label] + test[label];
      if (usable == 0) {
        throw new InvalidDataException(
            "none of the %d images of the class '%s' can be used"
                .formatted(listed(label), classes.get(label)));
      }
      if (train[label] == 0 || heldOut[label] == 0) {
        throw new InvalidDataException(
            "the class '%s' has too few images: %d to train on, %d held out, %d to test with;"
                    .formatted(classes.get(label), train[label], heldOut[label], test[label])
                + " expected at least one of each");
      }
    }
  }

  private long listed(int label) {
    return Arrays.stream(listing.labels()).filter(each -> each == label).count();
  }

  /** Lower-case hex, of all usable images: names, sizes, stamps, classes, parts. */
  String sha256() throws IOException {
    MessageDigest digest = Digests.sha256();
    for (int i = 0; i < places.length; i++) {
      listing.digest(places[i], digest);
      digest.update(parts[i].name().getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  int[] train() {
    return of(Part.TRAIN);
  }

  int[] heldOut() {
    return of(Part.HELD_OUT);
  }

  int[] test() {
    return of(Part.TEST);
  }

  private int[] of(Part part) {
    return IntStream.range(0, places.length)
        .filter(i -> parts[i] == part)
        .map(i -> places[i])
        .toArray();
  }
}
