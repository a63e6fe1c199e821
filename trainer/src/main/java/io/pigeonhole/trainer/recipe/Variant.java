package io.pigeonhole.trainer.recipe;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One of several kinds of a thing: its name, or its name with keys of its own, {@code name: {key:
 * value}}.
 *
 * @param name one of those that are allowed
 * @param keys what is said about it
 */
record Variant(String name, Section keys) {

  /** Reads one; empty, and noted, if it is none of those that are allowed. */
  static Optional<Variant> of(
      Mistakes mistakes, String path, Node node, Collection<String> allowed) {
    Optional<String> word = Scalar.text(node);
    if (word.isPresent()) {
      Section nothing = new Section(mistakes, path, empty(node));
      return named(mistakes, path, node, word.get(), allowed)
          .map(name -> new Variant(name, nothing));
    }
    if (node instanceof MappingNode mapping && mapping.getValue().size() == 1) {
      NodeTuple only = mapping.getValue().get(0);
      Optional<String> key = Scalar.text(only.getKeyNode());
      if (key.isPresent()) {
        return named(mistakes, path, only.getKeyNode(), key.get(), allowed)
            .map(
                name ->
                    new Variant(
                        name, new Section(mistakes, path + "." + name, only.getValueNode())));
      }
    }
    mistakes.add(
        node,
        path,
        "%s; expected one of %s, or one of them with its keys, as in '%s: {…}'"
            .formatted(
                Scalar.description(node), String.join(", ", allowed), allowed.iterator().next()));
    return Optional.empty();
  }

  private static Optional<String> named(
      Mistakes mistakes, String path, Node node, String word, Collection<String> allowed) {
    if (allowed.contains(word)) {
      return Optional.of(word);
    }
    String hint =
        Words.nearest(word, allowed)
            .map(near -> "did you mean '%s'?".formatted(near))
            .orElseGet(() -> "expected " + Words.oneOf(List.copyOf(allowed)));
    mistakes.add(node, path, "unknown '%s'; %s".formatted(Scalar.shortened(word), hint));
    return Optional.empty();
  }

  private static Node empty(Node at) {
    return new MappingNode(
        Tag.MAP,
        true,
        List.of(),
        org.snakeyaml.engine.v2.common.FlowStyle.FLOW,
        at.getStartMark(),
        at.getEndMark());
  }
}
