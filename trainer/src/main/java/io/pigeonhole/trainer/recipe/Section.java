package io.pigeonhole.trainer.recipe;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Keys and values of a file, or of a part of it. What is asked for and is not there, or is wrong,
 * is noted, and something harmless is answered: whoever reads goes on and finds the next mistake.
 */
final class Section {

  private final Mistakes mistakes;
  private final String path;
  private final Node node;
  private final Map<String, Node> values = new HashMap<>();
  private final Map<String, Node> keys = new HashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  /** Reads a mapping; without one there is nothing in the section. */
  Section(Mistakes mistakes, String path, Node node) {
    this.mistakes = mistakes;
    this.path = path;
    this.node = node;
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::add);
    } else {
      mistakes.add(node, path, "%s; expected keys with values".formatted(Scalar.description(node)));
    }
  }

  private void add(NodeTuple tuple) {
    Optional<String> key = Scalar.text(tuple.getKeyNode());
    if (key.isEmpty()) {
      mistakes.add(
          tuple.getKeyNode(),
          path,
          "%s is no key; expected a word".formatted(Scalar.description(tuple.getKeyNode())));
    } else if (values.putIfAbsent(key.get(), tuple.getValueNode()) != null) {
      mistakes.add(
          tuple.getKeyNode(), path(key.get()), "is there twice; a key is allowed only once");
    } else {
      keys.put(key.get(), tuple.getKeyNode());
    }
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  Mistakes mistakes() {
    return mistakes;
  }

  /** Where the section is, for mistakes that concern more than a key. */
  Node node() {
    return node;
  }

  /** Where a value is, or else the section. */
  Node at(String key) {
    return values.getOrDefault(key, node);
  }

  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  /** A value that may be missing. */
  Optional<Node> value(String key) {
    known.add(key);
    return Optional.ofNullable(values.get(key));
  }

  /** A value that must not be missing. */
  Optional<Node> required(String key, String allowed) {
    Optional<Node> value = value(key);
    if (value.isEmpty() && node instanceof MappingNode) {
      mistakes.add(node, path(key), "is missing; expected " + allowed);
    }
    return value;
  }

  /** A whole number, by default another. */
  int whole(String key, long least, long most, int otherwise) {
    return value(key)
        .map(value -> whole(key, value, least, most).orElse((long) otherwise).intValue())
        .orElse(otherwise);
  }

  /** A whole number that must be there. */
  int whole(String key, long least, long most) {
    String allowed = Scalar.wholeNumbers(least, most);
    return required(key, allowed)
        .map(value -> whole(key, value, least, most).orElse(least).intValue())
        .orElse((int) least);
  }

  /** A whole number, if it is there. */
  OptionalInt wholeIfAny(String key, long least, long most) {
    return has(key) ? OptionalInt.of(whole(key, least, most)) : OptionalInt.empty();
  }

  /** A large whole number, by default another. */
  long large(String key, long otherwise) {
    return value(key)
        .flatMap(value -> whole(key, value, Long.MIN_VALUE, Long.MAX_VALUE))
        .orElse(otherwise);
  }

  private Optional<Long> whole(String key, Node value, long least, long most) {
    Optional<Long> found = Scalar.whole(value).filter(n -> n >= least && n <= most);
    if (found.isEmpty()) {
      wrong(key, value, Scalar.wholeNumbers(least, most));
    }
    return found;
  }

  /** A number of a range, by default another. */
  double number(String key, Range range, double otherwise) {
    return value(key).map(value -> number(key, value, range, otherwise)).orElse(otherwise);
  }

  /** A number of a range that must be there. */
  double number(String key, Range range) {
    return required(key, range.toString())
        .map(value -> number(key, value, range, range.inside()))
        .orElse(range.inside());
  }

  private double number(String key, Node value, Range range, double otherwise) {
    Optional<Double> found = Scalar.number(value).filter(range::contains);
    if (found.isEmpty()) {
      wrong(key, value, range.toString());
    }
    return found.orElse(otherwise);
  }

  /** True or false, by default one of the two. */
  boolean truth(String key, boolean otherwise) {
    return value(key)
        .map(
            value -> {
              Optional<Boolean> found = Scalar.truth(value);
              if (found.isEmpty()) {
                wrong(key, value, "true or false");
              }
              return found.orElse(otherwise);
            })
        .orElse(otherwise);
  }

  /** One of a few words, by default another. */
  <E extends Enum<E>> E choice(String key, E otherwise) {
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    return value(key)
        .map(
            value -> {
              Optional<E> found =
                  Arrays.stream(all)
                      .filter(each -> Scalar.text(value).equals(Optional.of(word(each))))
                      .findFirst();
              if (found.isEmpty()) {
                List<String> words = Arrays.stream(all).map(Section::word).toList();
                wrong(key, value, Words.oneOf(words));
              }
              return found.orElse(otherwise);
            })
        .orElse(otherwise);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A part with keys of its own, if it is there. */
  Optional<Section> section(String key) {
    return value(key).map(value -> new Section(mistakes, path(key), value));
  }

  /** The items of a list that must be there and have this many. */
  List<Node> list(String key, int most, String what) {
    Optional<Node> value = required(key, "a list of " + what);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof SequenceNode sequence)) {
      wrong(key, value.get(), "a list of " + what);
      return List.of();
    }
    int count = sequence.getValue().size();
    if (count == 0 || count > most) {
      mistakes.add(
          sequence, path(key), "has %d items; expected 1 to %d %s".formatted(count, most, what));
      return List.of();
    }
    return sequence.getValue();
  }

  /** A list of numbers of a range that must be there; one number is a list, too. */
  List<Double> numbers(String key, int most, Range range) {
    Node value = values.get(key);
    List<Node> items = value instanceof SequenceNode ? list(key, most, "numbers") : List.of(value);
    return items.stream().map(item -> number(key, item, range, range.inside())).toList();
  }

  /** Notes a value that is not what was expected. */
  void wrong(String key, Node value, String allowed) {
    mistakes.add(value, path(key), "%s; expected %s".formatted(Scalar.description(value), allowed));
  }

  /** Notes the keys that nobody has asked for. To be called last. */
  void end() {
    values.keySet().stream()
        .filter(key -> !known.contains(key))
        .sorted()
        .forEach(
            key ->
                mistakes.add(
                    keys.get(key), path(Scalar.shortened(key)), "unknown key; " + allowed(key)));
  }

  private String allowed(String key) {
    return Words.nearest(key, known)
        .map(near -> "did you mean '%s'?".formatted(near))
        .orElseGet(
            () ->
                known.isEmpty()
                    ? "there is nothing to say here"
                    : "allowed: " + known.stream().collect(Collectors.joining(", ")));
  }
}
