package io.pigeonhole.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing that the API can be asked: a method, the paths it takes, what it expects, what it
 * answers, and who answers. Both the router and the OpenAPI document are made of this.
 *
 * @param level what it needs
 * @param parameters in the path, the query or the headers
 * @param bodies what the body may be: schemas by media type; empty if none is read
 * @param bodyRequired whether a body has to be there
 * @param answers by their status
 * @param problems the statuses of its own problems
 */
public record Operation(
    String method,
    PathTemplate path,
    String id,
    Level level,
    String summary,
    String details,
    List<Parameter> parameters,
    Map<String, Schema> bodies,
    boolean bodyRequired,
    Map<Integer, Response> answers,
    List<Integer> problems,
    Endpoint endpoint) {

  /** The same, answered by another: with a conflict, if need be. */
  public Operation by(Endpoint other) {
    List<Integer> all = new ArrayList<>(problems);
    if (!all.contains(409)) {
      all.add(409);
    }
    return new Operation(
        method,
        path,
        id,
        level,
        summary,
        details,
        parameters,
        bodies,
        bodyRequired,
        answers,
        List.copyOf(all),
        other);
  }

  /** A value in the path, the query or the headers of a request. */
  record Parameter(String name, String in, Schema schema, String description) {}

  /** An answer: what it means, and its schema by media type. */
  record Response(String description, Map<String, Schema> bodies) {}

  public static Description get(String path, String id, Level level) {
    return new Description("GET", path, id, level);
  }

  public static Description post(String path, String id, Level level) {
    return new Description("POST", path, id, level);
  }

  public static Description put(String path, String id, Level level) {
    return new Description("PUT", path, id, level);
  }

  /** An operation that is being described. */
  public static final class Description {
    private final String method;
    private final PathTemplate path;
    private final String id;
    private final Level level;
    private final List<Parameter> parameters = new ArrayList<>();
    private final Map<String, Schema> bodies = new LinkedHashMap<>();
    private final Map<Integer, Response> answers = new LinkedHashMap<>();
    private final List<Integer> problems = new ArrayList<>();
    private String summary = "";
    private String details = "";
    private boolean bodyRequired;

    private Description(String method, String path, String id, Level level) {
      this.method = method;
      this.path = new PathTemplate(path);
      this.id = id;
      this.level = level;
    }

    /**
     * What it does.
     *
     * @param line a few words
     * @param more what else a caller must know, in Markdown; may be empty
     */
    public Description saying(String line, String more) {
      summary = line;
      details = more;
      return this;
    }

    /** What stands in the place of a name in the path. */
    public Description inPath(String name, Schema schema, String description) {
      return parameter(name, "path", schema, description);
    }

    public Description inQuery(String name, Schema schema, String description) {
      return parameter(name, "query", schema, description);
    }

    public Description inHeader(String name, Schema schema, String description) {
      return parameter(name, "header", schema, description);
    }

    private Description parameter(String name, String in, Schema schema, String description) {
      parameters.add(new Parameter(name, in, schema, description));
      return this;
    }

    /** One of the bodies that it takes, of which there has to be one. */
    public Description takes(String type, Schema schema) {
      bodies.put(type, schema);
      bodyRequired = true;
      return this;
    }

    /** A body that it takes, if there is one. */
    public Description mayTake(String type, Schema schema) {
      bodies.put(type, schema);
      return this;
    }

    public Description answers(int status, String description, Map<String, Schema> types) {
      answers.put(status, new Response(description, types));
      return this;
    }

    /** Answers 200 with JSON. */
    public Description answers(String description, Schema schema) {
      return answers(200, description, Map.of("application/json", schema));
    }

    public Description problems(Integer... statuses) {
      problems.addAll(List.of(statuses));
      return this;
    }

    /** The operation, once it is known who answers. */
    public Operation by(Endpoint endpoint) {
      return new Operation(
          method,
          path,
          id,
          level,
          summary,
          details,
          List.copyOf(parameters),
          bodies,
          bodyRequired,
          answers,
          List.copyOf(problems),
          endpoint);
    }
  }
}
