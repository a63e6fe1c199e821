package io.pigeonhole.label;

import java.util.Comparator;
import java.util.Locale;

/**
 * The order of the events of one key: hexadecimal numbers of different lengths, of which the
 * shorter is padded with zeros on its right and then compared as text (<a
 * href="https://repost.aws/knowledge-center/s3-duplicate-sqs-messages">how S3 defines it</a>). The
 * empty one, of an event without, is older than all others.
 */
final class Sequencer implements Comparator<String> {
  static final Sequencer ORDER = new Sequencer();

  private Sequencer() {}

  @Override
  public int compare(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(b.isEmpty(), a.isEmpty());
    }
    int length = Math.max(a.length(), b.length());
    return padded(a, length).compareTo(padded(b, length));
  }

  private static String padded(String sequencer, int length) {
    return sequencer.toUpperCase(Locale.ROOT) + "0".repeat(length - sequencer.length());
  }
}
