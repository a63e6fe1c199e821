package io.pigeonhole.local.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A template of CloudFormation, as it is for a stack with the buckets of the local product: {@code
 * Images} is the bucket {@code images}. Parameters are as by default, unless they are given.
 */
final class Template {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z:.]+)}");
  private static final String NOTHING = "AWS::NoValue";

  private final Map<String, Object> yaml;
  private final Set<String> conditions;
  private final Map<String, String> given;

  private Template(Map<String, Object> yaml, Set<String> conditions, Map<String, String> given) {
    this.yaml = yaml;
    this.conditions = conditions;
    this.given = given;
  }

  /** Reads a template; all conditions but these are false. */
  static Template read(Path file, Set<String> conditions) throws IOException {
    return read(file, conditions, Map.of());
  }

  /** The same for a stack with some parameters. */
  static Template read(Path file, Set<String> conditions, Map<String, String> parameters)
      throws IOException {
    return new Template(CloudFormationYaml.read(file), conditions, parameters);
  }

  /** The properties of all resources of a type, by their names. */
  Map<String, Map<?, ?>> resources(String type) {
    Map<String, Map<?, ?>> found = new TreeMap<>();
    map(yaml.get("Resources"))
        .forEach(
            (name, resource) -> {
              if (type.equals(map(resource).get("Type"))) {
                found.put((String) name, map(value(map(resource).get("Properties"))));
              }
            });
    return found;
  }

  /** The variables of all functions. */
  Map<?, ?> environmentOfAll() {
    Map<?, ?> functions = map(map(yaml.get("Globals")).get("Function"));
    return map(map(value(functions.get("Environment"))).get("Variables"));
  }

  /** What is said of a parameter. */
  Map<?, ?> parameter(String name) {
    return map(map(yaml.get("Parameters")).get(name));
  }

  private Object value(Object node) {
    if (node instanceof List<?> list) {
      return list.stream().map(this::value).filter(item -> !NOTHING.equals(item)).toList();
    }
    if (!(node instanceof Map<?, ?> map)) {
      return node;
    }
    if (map.size() == 1) {
      Optional<Object> called = call((String) map.keySet().iterator().next(), map.values());
      if (called.isPresent()) {
        return called.get();
      }
    }
    Map<Object, Object> values = new HashMap<>();
    map.forEach((name, item) -> values.put(name, value(item)));
    return values;
  }

  private Optional<Object> call(String function, Iterable<?> arguments) {
    Object argument = arguments.iterator().next();
    return switch (function) {
      case "Ref" -> Optional.of(reference((String) argument));
      case "Fn::GetAtt" -> Optional.of(attribute((String) argument));
      case "Fn::Sub" -> Optional.of(substitute(argument));
      case "Fn::If" -> {
        List<?> choice = (List<?>) argument;
        boolean yes = conditions.contains((String) choice.get(0));
        yield Optional.of(value(choice.get(yes ? 1 : 2)));
      }
      case "Fn::Split" -> {
        List<?> both = (List<?>) argument;
        String text = (String) value(both.get(1));
        yield Optional.of(List.of(text.split(Pattern.quote((String) both.get(0)), -1)));
      }
      case "Fn::Select" -> {
        List<?> both = (List<?>) argument;
        yield Optional.of(((List<?>) value(both.get(1))).get((Integer) both.get(0)));
      }
      default -> Optional.empty();
    };
  }

  private String substitute(Object argument) {
    if (argument instanceof String text) {
      return substitute(text, Map.of());
    }
    List<?> both = (List<?>) argument;
    return substitute((String) both.get(0), map(value(both.get(1))));
  }

  private String substitute(String text, Map<?, ?> variables) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            (MatchResult found) -> {
              String name = found.group(1);
              Object variable = variables.get(name);
              return variable != null
                  ? variable.toString()
                  : name.contains(".") ? attribute(name) : reference(name);
            });
  }

  private String reference(String name) {
    if (name.equals("AWS::Partition")) {
      return "aws";
    }
    Object parameter = map(yaml.get("Parameters")).get(name);
    return parameter == null
        ? isBucket(name) ? bucket(name) : name
        : given.getOrDefault(name, Objects.toString(map(parameter).get("Default"), ""));
  }

  private String attribute(String name) {
    String resource = name.substring(0, name.indexOf('.'));
    return isBucket(resource) && name.endsWith(".Arn") ? "arn:aws:s3:::" + bucket(resource) : name;
  }

  private boolean isBucket(String resource) {
    return "AWS::S3::Bucket".equals(map(map(yaml.get("Resources")).get(resource)).get("Type"));
  }

  private static String bucket(String resource) {
    return resource.toLowerCase(Locale.ROOT);
  }

  private static Map<?, ?> map(Object node) {
    return node == null ? Map.of() : (Map<?, ?>) node;
  }
}
