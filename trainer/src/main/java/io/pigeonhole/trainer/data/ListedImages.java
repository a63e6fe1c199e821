package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The images that a list names, with the labels that it has for them: a table (CSV) of files and
 * labels, or a manifest (JSON Lines). Each row is there for itself: one that cannot be used costs
 * no other. The list, and the names in the folders that it mentions, are in memory while they are
 * looked up.
 */
final class ListedImages implements ImagePlace {

  private static final Pattern TABLE = Pattern.compile(".+\\.(csv|tsv)", Pattern.CASE_INSENSITIVE);
  private static final Pattern LINES =
      Pattern.compile(".+\\.(jsonl|ndjson|manifest)", Pattern.CASE_INSENSITIVE);

  private static final String S3 = "s3://";
  private static final Pattern ABSOLUTE = Pattern.compile("(/|[A-Za-z]:/).*", Pattern.DOTALL);

  /** Lists of these are not about the images that others learn from. */
  private static final Pattern OF_OTHERS =
      Pattern.compile("(test|testing|val|valid|validation)([_-]?(labels?|images?))?");

  /** What could be a bucket; S3 was less strict once. */
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");

  /** A bucket of another region, of a name that none has, somebody else's, or none. */
  private static final Set<Integer> REFUSED = Set.of(301, 400, 403, 404);

  private static final Place MISSING = new Place.Nowhere("missing");

  private final String name;
  private final ImagePlace folder;
  private final String file;
  private final ImagePlace images;
  private final boolean beside;
  private final ListColumns columns;
  private final Function<String, ImagePlace> buckets;
  private final Map<String, ImagePlace> opened = new ConcurrentHashMap<>();

  /**
   * A list.
   *
   * @param folder where it is
   * @param file its name there
   * @param images where the images are; empty: in its folder, or in a folder beside it
   * @param columns which to take
   * @param buckets the whole of each bucket, for images that the list names as {@code s3://…}
   */
  ListedImages(
      ImagePlace folder,
      String file,
      Optional<ImagePlace> images,
      ListColumns columns,
      Function<String, ImagePlace> buckets) {
    String within = folder.name();
    this.name = within.isEmpty() || within.endsWith("/") ? within + file : within + "/" + file;
    this.folder = folder;
    this.file = file;
    this.images = images.orElse(folder);
    this.beside = images.isEmpty();
    this.columns = columns;
    this.buckets = buckets;
  }

  static boolean isList(String name) {
    return TABLE.matcher(name).matches() || LINES.matcher(name).matches();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void list(Found found) throws IOException, InvalidDataException {
    Gathered gathered = new Gathered(found);
    if (TABLE.matcher(file).matches()) {
      CsvList.read(text(), columns, gathered);
    } else {
      JsonLinesList.read(text(), columns, gathered);
    }
    gathered.tell();
  }

  private ListText text() throws IOException, InvalidDataException {
    Stored stored = folder.files("").get(file);
    if (stored == null) {
      throw new InvalidDataException("there is no " + name);
    }
    try {
      return new ListText(name, folder.read(file, stored.stamp()));
    } catch (MissingImageException e) {
      throw new IOException("cannot read " + name, e);
    }
  }

  /** What has become of a row. */
  private sealed interface Place {
    record At(String key, Stored stored) implements Place {}

    record Nowhere(String code) implements Place {}
  }

  /** All rows, before any is told: a later one may have another label for the same file. */
  private final class Gathered implements ListRow.Reader {
    private final Found found;
    private final Lookup lookup = new Lookup();
    private final Map<String, Stored> files = new LinkedHashMap<>();
    private final Map<String, String> labels = new HashMap<>();
    private final Set<String> contradicted = new LinkedHashSet<>();
    private final Map<String, Integer> unusable = new TreeMap<>();
    private String example = "";
    private long rows;

    Gathered(Found found) {
      this.found = found;
    }

    @Override
    public void row(ListRow row) throws IOException {
      rows++;
      String named = row.image().isBlank() ? "%s line %d".formatted(file, row.line()) : row.image();
      Place place = place(row);
      if (place instanceof Place.At at) {
        add(at, row.labels());
      } else {
        unusable(named, ((Place.Nowhere) place).code());
      }
    }

    private Place place(ListRow row) throws IOException {
      if (!row.readable()) {
        return new Place.Nowhere("unreadable");
      }
      if (row.image().isBlank()) {
        return MISSING;
      }
      return row.labels().isEmpty() ? new Place.Nowhere("no-class") : lookup.place(row.image());
    }

    private void add(Place.At at, Set<String> given) {
      String label = Names.composed(given.iterator().next());
      files.put(at.key(), at.stored());
      String before = labels.putIfAbsent(at.key(), label);
      if (given.size() > 1 || (before != null && !before.equals(label))) {
        contradicted.add(at.key());
      }
    }

    private void unusable(String named, String code) {
      found.unusable(named, code);
      unusable.merge(code, 1, Integer::sum);
      if (example.isEmpty()) {
        example = named;
      }
    }

    void tell() throws IOException, InvalidDataException {
      contradicted.forEach(key -> unusable(key, "two-classes"));
      files.keySet().removeAll(contradicted);
      if (files.isEmpty()) {
        throw new InvalidDataException(
            ("none of the %d rows of %s can be used: %s, such as '%s'; --images says where the files"
                    + " are, --image-column and --label-column which columns have them and the"
                    + " labels")
                .formatted(
                    rows,
                    name,
                    unusable.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", ")),
                    example));
      }
      for (Map.Entry<String, Stored> each : files.entrySet()) {
        String key = each.getKey();
        found.labeled(key, labels.get(key), each.getValue().size(), each.getValue().stamp());
      }
    }
  }

  /** Finds what rows name. What folders have is asked for once. */
  private final class Lookup {
    private final Map<String, Map<String, Named>> folders = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private Optional<List<String>> within = Optional.empty();

    /** A file, or several of which a name without its ending may mean any. */
    private record Named(String file, Optional<Stored> stored) {}

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
      for (String folder : within()) {
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
        Place place = find(bucket(bucket), bucket, rest.substring(slash + 1));
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

    private List<String> within() throws IOException {
      if (within.isEmpty()) {
        within = Optional.of(beside ? besides() : List.of(""));
      }
      return within.get();
    }
  }

  /** The list's folder, and those beside the list that are called as contests call them. */
  private List<String> besides() throws IOException {
    String stem = file.substring(0, file.lastIndexOf('.')).toLowerCase(Locale.ROOT);
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

  private ImagePlace bucket(String address) {
    return opened.computeIfAbsent(
        address, a -> buckets.apply(a.substring(S3.length(), a.length() - 1)));
  }

  /** Where a key leads: of a bucket of its own, or of the images' place. */
  private record Of(ImagePlace place, String key) {}

  private Of of(String key) {
    if (!key.startsWith(S3)) {
      return new Of(images, key);
    }
    int slash = key.indexOf('/', S3.length()) + 1;
    return new Of(bucket(key.substring(0, slash)), key.substring(slash));
  }

  @Override
  public byte[] read(String key, String stamp) throws IOException, MissingImageException {
    Of of = of(key);
    return of.place().read(of.key(), stamp);
  }

  @Override
  public boolean has(String key, String stamp, String etag) {
    Of of = of(key);
    return of.place().has(of.key(), stamp, etag);
  }

  @Override
  public String object(String key) {
    Of of = of(key);
    return of.place().object(of.key());
  }

  /** The opened buckets have been listed before any image is read. */
  @Override
  public int threads() {
    return opened.values().stream()
        .mapToInt(ImagePlace::threads)
        .reduce(images.threads(), Math::max);
  }
}
