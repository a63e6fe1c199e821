package io.pigeonhole.local.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the roles of a template may do. */
final class Policies {
  private final Map<String, List<Permission>> own = new TreeMap<>();
  private final Map<String, List<Permission>> shared = new TreeMap<>();
  private final Map<String, Set<String>> attached = new TreeMap<>();

  /** Reads the roles, and the policies that they share. */
  Policies(Template template) {
    template
        .resources("AWS::IAM::ManagedPolicy")
        .forEach((name, policy) -> shared.put(name, permissions(policy)));
    template.resources("AWS::IAM::Role").forEach(this::add);
  }

  private void add(String role, Map<?, ?> properties) {
    List<Permission> permissions = new ArrayList<>();
    list(properties.get("Policies")).forEach(policy -> permissions.addAll(permissions(policy)));
    own.put(role, permissions);
    Set<String> policies = new TreeSet<>();
    list(properties.get("ManagedPolicyArns")).forEach(arn -> policies.add((String) arn));
    attached.put(role, policies);
  }

  private static List<Permission> permissions(Object policy) {
    Map<?, ?> document = (Map<?, ?>) ((Map<?, ?>) policy).get("PolicyDocument");
    List<Permission> permissions = new ArrayList<>();
    for (Object item : list(document.get("Statement"))) {
      Map<?, ?> statement = (Map<?, ?>) item;
      if (!"Allow".equals(statement.get("Effect"))) {
        throw new IllegalArgumentException("not looked at: " + statement);
      }
      for (Object action : list(statement.get("Action"))) {
        list(statement.get("Resource"))
            .forEach(on -> permissions.add(new Permission((String) action, (String) on)));
      }
    }
    return permissions;
  }

  /** One is a list of one. */
  private static List<?> list(Object node) {
    return node == null ? List.of() : node instanceof List<?> list ? list : List.of(node);
  }

  Set<String> roles() {
    return own.keySet();
  }

  /** What a role may do, by itself and by the policies that it shares with others. */
  List<Permission> allowed(String role) {
    return Stream.concat(
            own.get(role).stream(),
            attached.get(role).stream().flatMap(p -> shared.getOrDefault(p, List.of()).stream()))
        .toList();
  }

  /** The policies of a role that the template only names: what they allow is not known here. */
  Set<String> ofOthers(String role) {
    Set<String> others = new TreeSet<>(attached.get(role));
    others.removeAll(shared.keySet());
    return others;
  }

  /** What only this role may do. */
  List<Permission> ownOf(String role) {
    return own.get(role);
  }

  /** What the roles that share a policy may do by it. */
  Map<String, List<Permission>> shared() {
    return shared;
  }

  /** Who shares a policy. */
  List<String> sharing(String policy) {
    return own.keySet().stream().filter(role -> attached.get(role).contains(policy)).toList();
  }
}
