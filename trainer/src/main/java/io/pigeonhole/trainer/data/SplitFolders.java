package io.pigeonhole.trainer.data;

import io.pigeonhole.trainer.data.Parts.Part;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Folders that say what their images are for, and have the class folders in them: {@code train},
 * {@code val} and {@code test}, as most data sets to be downloaded do.
 *
 * @param parts by the folders' names; empty if the folders are the classes themselves
 */
record SplitFolders(Map<String, Part> parts) {

  /** The folders are the classes. */
  static final SplitFolders NONE = new SplitFolders(Map.of());

  /** What such folders are called, in lower case. */
  private static final Map<String, Part> NAMES =
      Map.of(
          "train", Part.TRAIN,
          "training", Part.TRAIN,
          "val", Part.HELD_OUT,
          "valid", Part.HELD_OUT,
          "validation", Part.HELD_OUT,
          "test", Part.TEST,
          "testing", Part.TEST);

  /**
   * Looks whether a place has such folders: at least two, no others beside them, and in those that
   * are not for training no class folders but those that are in the ones that are. One without
   * class folders has images without classes, as those have that a contest is held with.
   */
  static SplitFolders of(ImagePlace place) throws IOException {
    Map<String, Part> parts = new TreeMap<>();
    Set<String> learned = new HashSet<>();
    Set<String> others = new HashSet<>();
    for (String folder : place.folders("")) {
      if (Names.ignored(folder)) {
        continue;
      }
      Part part = NAMES.get(folder.toLowerCase(Locale.ROOT));
      if (part == null) {
        return NONE;
      }
      Set<String> classes = classes(place, folder);
      if (!classes.isEmpty()) {
        parts.put(folder, part);
        (part == Part.TRAIN ? learned : others).addAll(classes);
      }
    }
    boolean same = learned.size() > 1 && !others.isEmpty() && learned.containsAll(others);
    return same ? new SplitFolders(Map.copyOf(parts)) : NONE;
  }

  private static Set<String> classes(ImagePlace place, String folder) throws IOException {
    return place.folders(folder).stream()
        .filter(name -> !Names.ignored(name))
        .map(Names::composed)
        .collect(Collectors.toSet());
  }

  boolean has(Part part) {
    return parts.containsValue(part);
  }

  /** What a file is for, if its folder says so. */
  Optional<Part> partOf(String key) {
    return Optional.ofNullable(parts.get(Names.outermost(key)));
  }

  /** The class of a file; empty if it is in no class folder. */
  String classOf(String key) {
    return Names.composed(Names.outermost(belowPart(key)));
  }

  /** Whether a folder is that of a class, and not one in it or around it. */
  boolean isClass(String folder) {
    String below = belowPart(folder);
    return !below.isEmpty() && !below.contains("/");
  }

  private String belowPart(String key) {
    if (parts.isEmpty()) {
      return key;
    }
    int slash = key.indexOf('/');
    return slash < 0 ? "" : key.substring(slash + 1);
  }
}
