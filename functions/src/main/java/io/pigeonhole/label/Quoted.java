package io.pigeonhole.label;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Text of strangers, made fit for a line of a log or a message. */
final class Quoted {
  private static final int MAX = 1100;

  private Quoted() {}

  /** In double quotes; control characters are escaped, and very long text is cut. */
  static String of(String text) {
    return of(text, MAX);
  }

  /**
   * The same, of text that may be longer.
   *
   * @param max characters that are kept
   */
  static String of(String text, int max) {
    String cut = text.length() > max ? text.substring(0, max) : text;
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(cut)) + '"';
  }
}
