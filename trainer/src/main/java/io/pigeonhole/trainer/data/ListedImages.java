package io.pigeonhole.trainer.data;

import io.pigeonhole.trainer.data.ListedFiles.Place;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
    List<String> within = beside ? ListedFiles.beside(folder, file) : List.of("");
    Gathered gathered = new Gathered(found, new ListedFiles(images, within, this::bucket));
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

  /** All rows, before any is told: a later one may have another label for the same file. */
  private final class Gathered implements ListRow.Reader {
    private final Found found;
    private final ListedFiles listed;
    private final Map<String, Stored> files = new LinkedHashMap<>();
    private final Map<String, String> labels = new HashMap<>();
    private final Set<String> contradicted = new LinkedHashSet<>();
    private final Map<String, Integer> unusable = new TreeMap<>();
    private String example = "";
    private long rows;

    Gathered(Found found, ListedFiles listed) {
      this.found = found;
      this.listed = listed;
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
        return ListedFiles.MISSING;
      }
      return row.labels().isEmpty() ? new Place.Nowhere("no-class") : listed.place(row.image());
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
      if (rows == 0) {
        throw new InvalidDataException(name + " has no rows");
      }
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

  private ImagePlace bucket(String address) {
    return opened.computeIfAbsent(
        address, a -> buckets.apply(a.substring(ListedFiles.S3.length(), a.length() - 1)));
  }

  /** Where a key leads: of a bucket of its own, or of the images' place. */
  private record Of(ImagePlace place, String key) {}

  private Of of(String key) {
    if (!key.startsWith(ListedFiles.S3)) {
      return new Of(images, key);
    }
    int slash = key.indexOf('/', ListedFiles.S3.length()) + 1;
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
