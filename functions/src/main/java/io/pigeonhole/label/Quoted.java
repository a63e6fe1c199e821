package io.pigeonhole.label;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Text of strangers, made fit for a line of a log or a message. */
final class Quoted {
  private static final int MAX = 1100;

  private Quoted() {}

  /** In double quotes; control characters are escaped, and very long text is cut. */
  static String of(String text) {
    String cut = text.length() > MAX ? text.substring(0, MAX) : text;
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(cut)) + '"';
  }
}
