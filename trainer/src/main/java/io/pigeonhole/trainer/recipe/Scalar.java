package io.pigeonhole.trainer.recipe;

import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Single values, read strictly: no octal numbers, no {@code yes}, no text in quotes for a number.
 */
final class Scalar {

  private static final int LONGEST = 40;
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]{1,40}\\.?[0-9]{0,40}|\\.[0-9]{1,40})([eE][-+]?[0-9]{1,4})?");

  private Scalar() {}

  static Optional<String> text(Node node) {
    return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
  }

  private static Optional<String> plain(Node node, Pattern pattern) {
    return node instanceof ScalarNode scalar
            && scalar.getScalarStyle() == ScalarStyle.PLAIN
            && pattern.matcher(scalar.getValue()).matches()
        ? Optional.of(scalar.getValue())
        : Optional.empty();
  }

  static Optional<Long> whole(Node node) {
    return plain(node, WHOLE).map(Long::parseLong);
  }

  static Optional<Double> number(Node node) {
    return plain(node, NUMBER).map(Double::parseDouble);
  }

  static Optional<Boolean> truth(Node node) {
    return plain(node, Pattern.compile("true|false")).map(Boolean::parseBoolean);
  }

  /** A value in a message: short, and on one line. */
  static String description(Node node) {
    if (node instanceof ScalarNode scalar) {
      String value = shortened(scalar.getValue());
      return scalar.getScalarStyle() == ScalarStyle.PLAIN
          ? (value.isEmpty() ? "nothing" : value)
          : "the text \"" + value + "\"";
    }
    return node instanceof SequenceNode ? "a list" : "keys with values";
  }

  static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  static String wholeNumbers(long least, long most) {
    return most == Long.MAX_VALUE
        ? "a whole number"
        : "a whole number from %,d to %,d".formatted(least, most);
  }
}
