package io.pigeonhole.local.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** YAML with CloudFormation's short forms, which become the long ones: {@code {Fn::Sub: …}}. */
final class CloudFormationYaml extends StandardConstructor {
  private static final List<String> FUNCTIONS =
      List.of(
          "Sub", "GetAtt", "If", "Equals", "Not", "And", "Or", "Join", "Split", "Select", "GetAZs");

  private CloudFormationYaml(LoadSettings settings) {
    super(settings);
    for (String name : List.of("Ref", "Condition")) {
      tagConstructors.put(new Tag("!" + name), node -> Map.of(name, value(node)));
    }
    for (String function : FUNCTIONS) {
      tagConstructors.put(new Tag("!" + function), node -> Map.of("Fn::" + function, value(node)));
    }
  }

  /** Reads a file; what it says are maps, lists, texts, numbers and truths. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> read(Path file) throws IOException {
    LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
    return (Map<String, Object>)
        new Load(settings, new CloudFormationYaml(settings)).loadFromString(Files.readString(file));
  }

  private Object value(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    return node instanceof SequenceNode sequence
        ? constructSequence(sequence)
        : constructMapping((MappingNode) node);
  }
}
