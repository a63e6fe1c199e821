package io.pigeonhole.trainer.data;

import io.pigeonhole.trainer.data.ImagePlace.Stored;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Finds the files that a list names. What folders have is asked for once. */
final class ListedFiles {

  /** What the names of files begin with that are not in the images' place. */
  static final String S3 = "s3://";

  private static final Pattern ABSOLUTE = Pattern.compile("(/|[A-Za-z]:/).*", Pattern.DOTALL);

  /** Lists of these are not about the images that others learn from. */
  private static final Pattern OF_OTHERS =
      Pattern.compile("(test|testing|val|valid|validation)([_-]?(labels?|images?))?");

  /** What could be a bucket; S3 was less strict once. */
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");

  /** A bucket of another region, of a name that none has, somebody else's, or none. */
  private static final Set<Integer> REFUSED = Set.of(301, 400, 403, 404);

  /** No such file. */
  static final Place MISSING = new Place.Nowhere("missing");

  private final ImagePlace images;
  private final List<String> within;
  private final Function<String, ImagePlace> buckets;
  private final Map<String, Map<String, Named>> folders = new HashMap<>();
  private final Set<String> refused = new HashSet<>();

  /**
   * Files of a place, and of buckets.
   *
   * @param within the folders of the place in which they may be, the likeliest first
   * @param buckets by their addresses, such as {@code s3://bucket/}
   */
  ListedFiles(ImagePlace images, List<String> within, Function<String, ImagePlace> buckets) {
    this.images = images;
    this.within = within;
    this.buckets = buckets;
  }

  /** Where a file is. */
  sealed interface Place {
    /** As {@link ListedImages} names it. */
    record At(String key, Stored stored) implements Place {}

    /** In none that can be used; the code is as {@link SkippedImages.Skipped} has it. */
    record Nowhere(String code) implements Place {}
  }

  /** A file, or several of which a name without its ending may mean any. */
  private record Named(String file, Optional<Stored> stored) {}

  /** Where the file is that a row names. */
  Place place(String image) throws IOException {
    if (image.startsWith(images.name()) && images.name().startsWith(S3)) {
      return inside("", image.substring(images.name().length()));
    }
    if (image.startsWith(S3)) {
      return inBucket(image);
    }
    String path = image.replace('\\', '/');
    Optional<String> relative =
        ABSOLUTE.matcher(path).matches() ? images.relative(path) : inner(path);
    if (relative.isEmpty()) {
      return new Place.Nowhere("outside");
    }
    for (String folder : within) {
      Place place = inside(folder, relative.get());
      if (!place.equals(MISSING)) {
        return place;
      }
    }
    return MISSING;
  }

  private Place inBucket(String image) throws IOException {
    String rest = image.substring(S3.length());
    int slash = rest.indexOf('/');
    if (slash < 0 || !BUCKET.matcher(rest.substring(0, slash)).matches()) {
      return MISSING;
    }
    String bucket = S3 + rest.substring(0, slash + 1);
    if (refused.contains(parent(image))) {
      return new Place.Nowhere("unreadable");
    }
    try {
      Place place = find(buckets.apply(bucket), bucket, rest.substring(slash + 1));
      return place instanceof Place.At at ? new Place.At(bucket + at.key(), at.stored()) : place;
    } catch (IOException e) {
      if (e.getCause() instanceof S3Exception s3 && REFUSED.contains(s3.statusCode())) {
        refused.add(parent(image));
        return new Place.Nowhere("unreadable");
      }
      throw e;
    }
  }

  private Place inside(String folder, String path) throws IOException {
    return find(images, "", folder.isEmpty() ? path : folder + "/" + path);
  }

  private Place find(ImagePlace place, String owner, String key) throws IOException {
    String parent = parent(key);
    Map<String, Named> files = folders.get(owner + parent);
    if (files == null) {
      files = files(place, parent);
      folders.put(owner + parent, files);
    }
    Named named = files.get(Names.composed(key.substring(parent.length())));
    if (named == null) {
      return MISSING;
    }
    return named
        .stored()
        .<Place>map(stored -> new Place.At(parent + named.file(), stored))
        .orElse(new Place.Nowhere("several"));
  }

  /** The files of a folder by their names, and images also by their names without endings. */
  private static Map<String, Named> files(ImagePlace place, String parent) throws IOException {
    Map<String, Stored> stored =
        place.files(parent.isEmpty() ? "" : parent.substring(0, parent.length() - 1));
    Map<String, Named> files = new HashMap<>();
    for (String name : stored.keySet()) {
      if (ListColumns.isFile(name) && !Names.ignored(name)) {
        files.merge(
            Names.composed(name.substring(0, name.lastIndexOf('.'))),
            new Named(name, Optional.of(stored.get(name))),
            (one, other) -> new Named(name, Optional.empty()));
      }
    }
    stored.forEach(
        (name, each) -> files.put(Names.composed(name), new Named(name, Optional.of(each))));
    return files;
  }

  /** The list's folder, and those beside the list that are called as contests call them. */
  static List<String> beside(ImagePlace folder, String list) throws IOException {
    String stem = list.substring(0, list.lastIndexOf('.')).toLowerCase(Locale.ROOT);
    String part = stem.replaceFirst("[_-]?labels?$", "");
    List<String> called = new ArrayList<>(List.of(stem, part, part + "_images", part + "-images"));
    called.addAll(List.of("images", "image", "imgs", "img"));
    if (!OF_OTHERS.matcher(stem).matches()) {
      called.addAll(List.of("train", "train_images", "train-images", "training"));
    }
    Map<String, String> folders =
        folder.folders("").stream()
            .collect(Collectors.toMap(n -> n.toLowerCase(Locale.ROOT), n -> n, (a, b) -> a));
    List<String> besides = new ArrayList<>(List.of(""));
    called.stream().distinct().filter(folders::containsKey).map(folders::get).forEach(besides::add);
    return besides;
  }

  /** A path without detours; empty if it climbs out of its folder. */
  private static Optional<String> inner(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          return Optional.empty();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return Optional.of(String.join("/", parts));
  }

  /** With its slash; empty for what is in no folder. */
  private static String parent(String key) {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }
}
