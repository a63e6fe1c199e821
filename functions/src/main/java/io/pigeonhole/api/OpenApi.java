package io.pigeonhole.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Operation.Parameter;
import io.pigeonhole.api.Operation.Response;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The description of operations as an <a href="https://spec.openapis.org/oas/v3.1.0.html">OpenAPI
 * 3.1</a> document.
 */
public final class OpenApi {
  private static final String PROBLEM_TYPE = "application/problem+json";
  private static final Schema PROBLEM =
      Schema.object()
          .required("type", Schema.string("uri-reference"))
          .required("title", Schema.string().saying("The phrase of the status."))
          .required("status", Schema.integer(400, 599))
          .required("detail", Schema.string().saying("What was expected, and what was found."))
          .optional("code", Schema.string().saying("A word that programs can compare."))
          .saying("Why a request is not answered as asked: RFC 9457.")
          .named("Problem");

  /** Problems that any operation can have. */
  private static final List<Integer> ALWAYS = List.of(400, 413, 429, 500, 503);

  /** Those of operations that need a level. */
  private static final List<Integer> REFUSED = List.of(401, 403);

  private static final String TOKEN = "token";

  private OpenApi() {}

  /**
   * The document.
   *
   * @param title of the API
   * @param about what it is, in Markdown
   * @param access who may do what
   */
  public static ObjectNode document(
      String title, String version, String about, List<Operation> operations, Access access) {
    ObjectNode document = Answer.JSON.createObjectNode().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", title)
        .put("version", version)
        .put("description", about)
        .putObject("license")
        .put("name", "Apache 2.0")
        .put("identifier", "Apache-2.0");
    document.putArray("servers").addObject().put("url", ".");
    ObjectNode paths = document.putObject("paths");
    Map<String, ObjectNode> components = new TreeMap<>();
    PROBLEM.collect(components);
    for (Operation operation : operations) {
      String path = operation.path().openApi();
      ObjectNode methods =
          paths.get(path) instanceof ObjectNode known ? known : paths.putObject(path);
      methods.set(operation.method().toLowerCase(Locale.ROOT), describe(operation, access));
      collect(operation, components);
    }
    ObjectNode reusable = document.putObject("components");
    ObjectNode schemas = reusable.putObject("schemas");
    components.forEach(schemas::set);
    reusable
        .putObject("securitySchemes")
        .putObject(TOKEN)
        .put("type", "http")
        .put("scheme", "bearer")
        .put("bearerFormat", "JWT");
    return document;
  }

  private static void collect(Operation operation, Map<String, ObjectNode> components) {
    operation.bodies().values().forEach(schema -> schema.collect(components));
    for (Response response : operation.answers().values()) {
      response.bodies().values().forEach(schema -> schema.collect(components));
    }
  }

  private static ObjectNode describe(Operation operation, Access access) {
    ObjectNode json =
        Answer.JSON
            .createObjectNode()
            .put("operationId", operation.id())
            .put("summary", operation.summary());
    if (!operation.details().isEmpty()) {
      json.put("description", operation.details());
    }
    security(json.putArray("security"), operation.level(), access);
    if (!operation.parameters().isEmpty()) {
      ArrayNode parameters = json.putArray("parameters");
      operation.parameters().forEach(parameter -> put(parameters.addObject(), parameter));
    }
    if (!operation.bodies().isEmpty()) {
      ObjectNode body = json.putObject("requestBody").put("required", operation.bodyRequired());
      content(body, operation.bodies());
    }
    ObjectNode responses = json.putObject("responses");
    operation.answers().forEach((status, response) -> put(responses, status, response));
    problems(operation).forEach(status -> putProblem(responses, status));
    return json;
  }

  /** The level is the role that is needed; nothing at all is, too, where everybody may. */
  private static void security(ArrayNode json, Level level, Access access) {
    if (level == Level.NONE) {
      return;
    }
    if (access.isOpen(level)) {
      json.addObject();
    }
    json.addObject().putArray(TOKEN).add(level.word());
  }

  private static List<Integer> problems(Operation operation) {
    List<Integer> refused = operation.level() == Level.NONE ? List.of() : REFUSED;
    return Stream.of(ALWAYS, refused, operation.problems())
        .flatMap(List::stream)
        .distinct()
        .sorted()
        .toList();
  }

  private static void put(ObjectNode json, Parameter parameter) {
    json.put("name", parameter.name())
        .put("in", parameter.in())
        .put("required", parameter.in().equals("path"))
        .put("description", parameter.description())
        .set("schema", parameter.schema().use());
  }

  private static void put(ObjectNode responses, int status, Response response) {
    ObjectNode json =
        responses.putObject(Integer.toString(status)).put("description", response.description());
    if (!response.bodies().isEmpty()) {
      content(json, response.bodies());
    }
  }

  private static void putProblem(ObjectNode responses, int status) {
    ObjectNode json =
        responses.putObject(Integer.toString(status)).put("description", Problem.title(status));
    content(json, Map.of(PROBLEM_TYPE, PROBLEM));
  }

  private static void content(ObjectNode json, Map<String, Schema> bodies) {
    ObjectNode content = json.putObject("content");
    bodies.forEach((type, schema) -> content.putObject(type).set("schema", schema.use()));
  }
}
