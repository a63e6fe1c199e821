package io.pigeonhole.train;

import io.pigeonhole.model.ModelStore;
import java.io.IOException;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a training can begin with: networks of others, which the trainer knows by name or the models
 * bucket keeps as {@code bases/<name>/}. Of the same name, the trainer takes the bucket's.
 */
public final class Bases {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final String ROOT = "bases/";

  /** Written last: without it, there is no base. */
  private static final String RECORD = "/base.json";

  private final ModelStore store;
  private final SortedSet<String> known;

  /**
   * Bases of a models bucket, and others.
   *
   * @param known that the trainer knows by name
   */
  public Bases(ModelStore store, Set<String> known) {
    this.store = store;
    this.known = Collections.unmodifiableSortedSet(new TreeSet<>(known));
  }

  /** Where a base is. */
  enum Source {
    KNOWN,
    BUCKET
  }

  /** Whether a text is such that a base may be named so. */
  static boolean mayBeCalled(String name) {
    return NAME.matcher(name).matches();
  }

  /** The names that the trainer knows. */
  SortedSet<String> known() {
    return known;
  }

  /** All of them, by name. */
  SortedMap<String, Source> all() throws IOException {
    SortedMap<String, Source> all = new TreeMap<>();
    known.forEach(name -> all.put(name, Source.KNOWN));
    for (String key : store.list(ROOT)) {
      if (key.endsWith(RECORD)) {
        String name = key.substring(ROOT.length(), key.length() - RECORD.length());
        if (mayBeCalled(name)) {
          all.put(name, Source.BUCKET);
        }
      }
    }
    return all;
  }

  /** Whether there is one of this name. */
  boolean has(String name) throws IOException {
    String key = ROOT + name + RECORD;
    return known.contains(name) || store.list(key).contains(key);
  }
}
