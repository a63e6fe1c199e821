package io.pigeonhole.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the parts of a model are in a models bucket. */
record ModelLayout(String name) {
  private static final Pattern VERSION_OF_MANIFEST = Pattern.compile("([^/]+)/manifest\\.json");

  /** What the keys of all versions begin with. */
  String root() {
    return "models/" + name + "/";
  }

  /** The pointer: a copy of the manifest of the version in service. */
  String current() {
    return root() + "current.json";
  }

  String manifest(ModelVersion version) {
    return file(version, "manifest.json");
  }

  String file(ModelVersion version, String path) {
    return root() + version + "/" + path;
  }

  /** The version whose manifest has this key; empty for every other key. */
  Optional<ModelVersion> versionOf(String key) {
    if (!key.startsWith(root())) {
      return Optional.empty();
    }
    Matcher matcher = VERSION_OF_MANIFEST.matcher(key.substring(root().length()));
    try {
      return matcher.matches() ? Optional.of(new ModelVersion(matcher.group(1))) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // somebody's folder, not a version
    }
  }
}
