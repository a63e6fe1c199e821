package io.pigeonhole.trainer.data;

import io.pigeonhole.image.Resize;
import io.pigeonhole.trainer.data.Listing.Entry;
import io.pigeonhole.trainer.data.Listing.Origin;
import io.pigeonhole.trainer.data.Parts.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A data set of one's own: one folder a class, or a list, and images of any format that the
 * functions label, of any size. They are decoded once and kept on the disk, see {@link PixelCache}.
 *
 * @param data images to learn from, hold out and, if there are no others, test with
 * @param test images to test with
 * @param corrections labels that people have given; they overrule folders
 * @param cache folder that keeps decoded data sets
 * @param limit bytes that these may take together, if that is enough for this one
 * @param splits whether folders {@code train}, {@code val} and {@code test} that all have the class
 *     folders in them are the parts, and not classes
 */
public record ClassFolders(
    Optional<ImagePlace> data,
    Optional<ImagePlace> test,
    Corrections corrections,
    Path cache,
    long limit,
    boolean splits) {

  /** Changes when the same files no longer give the same pixels. */
  private static final String FORMAT = "v2";

  /** One that may be in parts. */
  public ClassFolders(
      Optional<ImagePlace> data,
      Optional<ImagePlace> test,
      Corrections corrections,
      Path cache,
      long limit) {
    this(data, test, corrections, cache, limit, true);
  }

  /**
   * Reads the data set to train with it.
   *
   * @param size side to which the images are brought
   * @param resize how
   * @throws InvalidDataException if there are no two classes, or one has no images or too few, or
   *     there are none to test with
   * @throws IOException if a place cannot be read or the disk is full; what was done is kept
   */
  public Dataset toTrain(int size, Resize resize, FolderListener listener)
      throws IOException, InvalidDataException, InterruptedException {
    return read(size, resize, List.of(), listener);
  }

  /**
   * Reads the data set to measure a model with it.
   *
   * @param classes of the model
   * @throws InvalidDataException if there are images of other classes, or none
   */
  public Dataset toTest(List<String> classes, int size, Resize resize, FolderListener listener)
      throws IOException, InvalidDataException, InterruptedException {
    return read(size, resize, classes, listener);
  }

  private Dataset read(int size, Resize resize, List<String> classes, FolderListener listener)
      throws IOException, InvalidDataException, InterruptedException {
    Files.createDirectories(cache);
    new CacheFolder(cache, limit).sweep();
    Path names = Files.createTempFile(cache, "names-", "");
    Path log = Files.createTempFile(cache, "skipped-", ".tsv");
    try (SkippedLog skipped = new SkippedLog(log)) {
      SplitFolders split = split(listener);
      Listing listing = list(names, skipped, classes, split);
      return read(listing, split, skipped, size, resize, classes, listener);
    } finally {
      Files.deleteIfExists(names); // who has it open reads on
      Files.deleteIfExists(log);
    }
  }

  private Dataset read(
      Listing listing,
      SplitFolders split,
      SkippedLog skipped,
      int size,
      Resize resize,
      List<String> classes,
      FolderListener listener)
      throws IOException, InvalidDataException, InterruptedException {
    try (PixelCache pixels = prepared(listing, size, resize, listener)) {
      boolean testsApart = test.isPresent() || split.has(Part.TEST);
      Parts parts =
          Parts.of(listing, i -> pixels.state(i) == PixelCache.DECODED, testsApart, split);
      if (data.isPresent()) { // what only adds to another data set need not have all classes
        parts.fill(testsApart);
      }
      note(listing, pixels, skipped);
      if (classes.isEmpty()) {
        parts.require();
      }
      Optional<ImagePlace> measured = test.or(() -> data);
      if (measured.isPresent() && parts.test().length == 0) {
        throw new InvalidDataException(
            "there is no image to test with in %s".formatted(measured.get().name()));
      }
      Images all = new CachedImages(PixelCache.pixels(pixels.folder()), listing, size);
      return new Dataset(
          all.only(parts.train()),
          all.only(parts.heldOut()),
          all.only(parts.test()),
          parts.sha256(),
          skipped.movedTo(pixels.folder().resolve("skipped.tsv")));
    } catch (IOException | InvalidDataException | InterruptedException | RuntimeException e) {
      listing.close();
      throw e;
    }
  }

  private SplitFolders split(FolderListener listener) throws IOException {
    if (data.isEmpty() || !splits) {
      return SplitFolders.NONE;
    }
    SplitFolders split = SplitFolders.of(data.get());
    if (!split.parts().isEmpty()) {
      listener.split(split.parts().keySet());
    }
    return split;
  }

  private Listing list(Path names, SkippedLog skipped, List<String> classes, SplitFolders split)
      throws IOException, InvalidDataException {
    try (ListingBuilder builder = new ListingBuilder(names, corrections, skipped)) {
      if (data.isPresent()) {
        builder.add(Origin.DATA, data.get(), split);
      }
      if (test.isPresent()) {
        builder.add(Origin.TEST, test.get(), SplitFolders.NONE);
      }
      return builder.build(classes);
    }
  }

  private Map<Origin, ImagePlace> places() {
    Map<Origin, ImagePlace> places = new EnumMap<>(Origin.class);
    data.ifPresent(place -> places.put(Origin.DATA, place));
    test.ifPresent(place -> places.put(Origin.TEST, place));
    places.put(Origin.CORRECTION, corrections.place());
    return places;
  }

  private PixelCache prepared(Listing listing, int size, Resize resize, FolderListener listener)
      throws IOException, InterruptedException {
    String name =
        "%s-%d-%s-%s"
            .formatted(
                listing.contentSha256(), size, resize.name().toLowerCase(Locale.ROOT), FORMAT);
    Path folder = cache.resolve(name);
    int bytesPerImage = size * size * Images.CHANNELS;
    long bytes = (long) listing.count() * bytesPerImage;
    CacheFolder kept = new CacheFolder(cache, limit);
    kept.makeRoom(folder, bytes);
    PixelCache pixels = PixelCache.open(folder, listing.count(), bytesPerImage);
    try {
      Reuse.describe(folder, listing);
      if (pixels.pending() > 0) {
        new Reuse(pixels, bytesPerImage).fromOthers();
      }
      kept.keepWithinLimit(folder, bytes); // now: the others had what could be taken over
      if (pixels.pending() > 0) {
        listener.preparing(pixels.pending(), bytes, folder);
        Map<Origin, ImagePlace> places = places();
        int threads = places.values().stream().mapToInt(ImagePlace::threads).max().orElse(1);
        new Preparation(listing, places, pixels, size, resize, listener).run(threads);
      }
      return pixels;
    } catch (IOException | InterruptedException | RuntimeException e) {
      pixels.close();
      throw e;
    }
  }

  private static void note(Listing listing, PixelCache pixels, SkippedLog skipped)
      throws IOException {
    for (int image = 0; image < listing.count(); image++) {
      if (pixels.state(image) != PixelCache.DECODED) {
        Entry entry = listing.entry(image);
        skipped.add(entry.key(), PixelCache.code(pixels.state(image)));
      }
    }
  }
}
