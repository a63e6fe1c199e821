package io.pigeonhole.local.train;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The three <a
 * href="https://docs.aws.amazon.com/batch/latest/APIReference/API_Operations.html">requests to AWS
 * Batch</a> that the function {@code train} makes.
 */
public final class BatchServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final transient Jobs jobs;

  /** Tells of these jobs, and takes more. */
  public BatchServlet(Jobs jobs) {
    this.jobs = jobs;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<ObjectNode> answer = answer(request);
    if (answer.isEmpty()) {
      response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
      response.setHeader("x-amzn-ErrorType", "ClientException");
      return;
    }
    response.setContentType("application/json");
    response.getOutputStream().write(JSON.writeValueAsBytes(answer.get()));
  }

  private Optional<ObjectNode> answer(HttpServletRequest request) throws IOException {
    try {
      JsonNode body = JSON.readTree(request.getInputStream().readAllBytes());
      return switch (String.valueOf(request.getPathInfo())) {
        case "/v1/submitjob" -> Optional.of(jobs.submit(body).json());
        case "/v1/listjobs" -> Optional.of(list(body));
        case "/v1/describejobs" -> Optional.of(describe(body));
        default -> Optional.empty();
      };
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private ObjectNode list(JsonNode request) {
    String name = request.at("/filters/0/values/0").asString("*");
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode found = answer.putArray("jobSummaryList");
    for (Job job : jobs.all()) {
      boolean matches =
          name.endsWith("*")
              ? job.name().startsWith(name.substring(0, name.length() - 1))
              : job.name().equals(name);
      if (matches) {
        found.add(job.json().without("parameters").without("jobQueue"));
      }
    }
    return answer;
  }

  private ObjectNode describe(JsonNode request) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode found = answer.putArray("jobs");
    for (JsonNode id : request.path("jobs")) {
      jobs.all().stream()
          .filter(job -> job.id().equals(id.asString()))
          .forEach(job -> found.add(job.json()));
    }
    return answer;
  }
}
