package io.pigeonhole.trainer.data;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** What the names of files and folders of a data set mean. */
final class Names {

  /** What systems leave in folders. */
  private static final Set<String> LITTER =
      Set.of("thumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin");

  private Names() {}

  /** Whether a key is, or is in, what people do not see. */
  static boolean ignored(String key) {
    for (String part : key.split("/", -1)) {
      if (part.startsWith(".") || LITTER.contains(part.toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  /** The outermost folder of a file. Empty if it is in none. */
  static String outermost(String key) {
    int slash = key.indexOf('/');
    return slash < 0 ? "" : key.substring(0, slash);
  }

  /** Letters with their accents as one, as S3's tags want it; Apple's file systems split them. */
  static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }
}
