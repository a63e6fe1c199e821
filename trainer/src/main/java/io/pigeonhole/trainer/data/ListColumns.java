package io.pigeonhole.trainer.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which columns of a list have the file and the class. Where nobody says it, their names do, as
 * contests and labeling services have them, or what is in them.
 *
 * @param image the name of a column, or its number from 1
 * @param label the same; in the manifests of labeling services, the name of the label attribute
 */
public record ListColumns(Optional<String> image, Optional<String> label) {

  /** As the list itself tells. */
  public static final ListColumns FOUND = new ListColumns(Optional.empty(), Optional.empty());

  /** What columns of files are called, letters and digits only, the most telling first. */
  private static final List<String> IMAGES =
      List.of(
          "sourceref",
          "filename",
          "filepath",
          "file",
          "path",
          "imagepath",
          "imagefile",
          "imagefilename",
          "imagename",
          "image",
          "imageid",
          "img",
          "imgid",
          "photo",
          "picture",
          "idcode",
          "id",
          "name");

  /** What columns of classes are called. */
  private static final Set<String> LABELS =
      Set.of(
          "label",
          "class",
          "classname",
          "classlabel",
          "classid",
          "labelname",
          "labelid",
          "category",
          "categoryname",
          "categoryid",
          "target",
          "breed",
          "species",
          "diagnosis",
          "dx",
          "variety");

  private static final Pattern FILE =
      Pattern.compile(
          "s3://.+|.+\\.(jpe?g|jfif|png|gif|bmp|dib|webp|tiff?|hei[cf]|avif|dng|cr2|nef|arw)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

  /**
   * The columns of one list.
   *
   * @param named whether its first row has their names
   */
  record Chosen(int image, int label, boolean named) {}

  /** Whether a text is called like a file with an image in it. */
  static boolean isFile(String text) {
    return FILE.matcher(text.strip()).matches();
  }

  /**
   * Chooses the columns of a list whose first row may have their names.
   *
   * @param list as messages name it
   * @param rows the first of it
   */
  Chosen of(String list, List<List<String>> rows) throws InvalidDataException {
    List<String> first = rows.get(0);
    boolean named = hasNames(rows);
    return choose(list, first, named, rows.subList(named ? 1 : 0, rows.size()));
  }

  private boolean hasNames(List<List<String>> rows) {
    List<String> first = rows.get(0);
    if (Stream.of(image, label).flatMap(Optional::stream).anyMatch(w -> isName(w, first))) {
      return true;
    }
    if (first.stream().anyMatch(ListColumns::isFile)) {
      return false;
    }
    List<List<String>> others = rows.subList(1, rows.size());
    return first.stream()
            .map(ListColumns::letters)
            .anyMatch(name -> IMAGES.contains(name) || isLabel(name))
        || IntStream.range(0, first.size()).anyMatch(column -> hasFiles(others, column));
  }

  private static boolean isName(String wanted, List<String> first) {
    return first.contains(wanted) && !NUMBER.matcher(wanted).matches();
  }

  /** The same where the names are known. */
  Chosen choose(String list, List<String> names, boolean named, List<List<String>> rows)
      throws InvalidDataException {
    if (names.size() < 2) {
      throw new InvalidDataException(
          "%s has one column, '%s'; expected one of files and one of labels"
              .formatted(list, names.isEmpty() ? "" : names.get(0)));
    }
    int images =
        image.isPresent()
            ? wanted(list, names, named, image.get(), "--image-column")
            : image(list, names, named, rows);
    int labels =
        label.isPresent()
            ? wanted(list, names, named, label.get(), "--label-column")
            : label(list, names, named, images);
    if (images == labels) {
      throw new InvalidDataException(
          "%s: '%s' cannot be both the files and the labels; --image-column and --label-column say"
                  .formatted(list, names.get(images))
              + " which are");
    }
    return new Chosen(images, labels, named);
  }

  private static int wanted(
      String list, List<String> names, boolean named, String wanted, String option)
      throws InvalidDataException {
    int byName = named ? names.indexOf(wanted) : -1;
    if (byName >= 0) {
      return byName;
    }
    if (NUMBER.matcher(wanted).matches()) {
      int number = Integer.parseInt(wanted);
      if (number >= 1 && number <= names.size()) {
        return number - 1;
      }
    }
    throw new InvalidDataException(
        "%s has no column '%s' (%s); it has %s"
            .formatted(list, wanted, option, listed(names, named, column -> true)));
  }

  private int image(String list, List<String> names, boolean named, List<List<String>> rows)
      throws InvalidDataException {
    int other = label.isPresent() && named ? names.indexOf(label.get()) : -1;
    List<Integer> files =
        IntStream.range(0, names.size())
            .filter(column -> column != other && hasFiles(rows, column))
            .boxed()
            .toList();
    if (files.size() == 1) {
      return files.get(0);
    }
    List<Integer> candidates =
        files.isEmpty() ? IntStream.range(0, names.size()).boxed().toList() : files;
    for (String known : named ? IMAGES : List.<String>of()) {
      List<Integer> called =
          candidates.stream()
              .filter(column -> column != other && is(names.get(column), known))
              .toList();
      if (called.size() == 1) {
        return called.get(0);
      }
    }
    throw new InvalidDataException(
        "cannot tell which column of %s has the files; say it with --image-column: %s"
            .formatted(list, listed(names, named, candidates::contains)));
  }

  private static int label(String list, List<String> names, boolean named, int image)
      throws InvalidDataException {
    List<Integer> called =
        IntStream.range(0, names.size())
            .filter(column -> named && column != image && isLabel(letters(names.get(column))))
            .boxed()
            .toList();
    if (called.size() == 1) {
      return called.get(0);
    }
    if (called.isEmpty() && names.size() == 2) {
      return 1 - image;
    }
    IntPredicate candidate =
        column -> column != image && (called.isEmpty() || called.contains(column));
    throw new InvalidDataException(
        "cannot tell which column of %s has the labels; say it with --label-column: %s"
            .formatted(list, listed(names, named, candidate)));
  }

  private static boolean hasFiles(List<List<String>> rows, int column) {
    List<String> filled =
        rows.stream()
            .filter(row -> row.size() > column && !row.get(column).isBlank())
            .map(row -> row.get(column))
            .toList();
    return !filled.isEmpty()
        && filled.stream().filter(ListColumns::isFile).count() * 2 > filled.size();
  }

  private static boolean isLabel(String letters) {
    return LABELS.contains(letters) || LABELS.contains(letters.replaceFirst("s$", ""));
  }

  private static boolean is(String name, String known) {
    String letters = letters(name);
    return letters.equals(known) || letters.equals(known + "s");
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
  }

  private static String listed(List<String> names, boolean named, IntPredicate candidate) {
    List<String> listed = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      if (candidate.test(column)) {
        String name = "'%s'".formatted(names.get(column));
        listed.add(named ? name : "%d (%s)".formatted(column + 1, name));
      }
    }
    return String.join(", ", listed);
  }
}
