package io.pigeonhole.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.pigeonhole.testkit.HttpStub;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A server of the three requests to AWS Batch that the functions make, answered as <a
 * href="https://docs.aws.amazon.com/batch/latest/APIReference/API_Operations.html">documented</a>.
 */
final class BatchServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpStub server = new HttpStub(this::answer);
  private final List<ObjectNode> jobs = new ArrayList<>();
  private final List<JsonNode> submitted = new ArrayList<>();
  private boolean losesAnswers;
  private int refusesWith;

  URI endpoint() {
    return server.uri();
  }

  /** What was submitted, as it came. */
  synchronized List<JsonNode> submitted() {
    return List.copyOf(submitted);
  }

  /** Takes jobs, but breaks the connection instead of answering. */
  synchronized void loseAnswers(boolean lose) {
    losesAnswers = lose;
  }

  /** Takes no jobs, but answers with this status; 0: takes them again. */
  synchronized void refuse(int status) {
    refusesWith = status;
  }

  /** Lets a job be in a state. */
  synchronized void put(String id, String status, String reason, int exitCode) {
    for (ObjectNode job : jobs) {
      if (job.path("jobId").asText().equals(id)) {
        job.put("status", status).put("statusReason", reason);
        job.putObject("container").put("exitCode", exitCode);
      }
    }
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody());
    String operation = exchange.getRequestURI().getPath();
    boolean submits = operation.equals("/v1/submitjob");
    if (submits && refusesWith > 0) {
      exchange.getResponseHeaders().add("x-amzn-ErrorType", "ClientException");
      HttpStub.send(exchange, refusesWith, new byte[0]);
      return;
    }
    ObjectNode answer =
        switch (operation) {
          case "/v1/submitjob" -> submit(request);
          case "/v1/listjobs" -> list(request);
          case "/v1/describejobs" -> describe(request);
          default -> throw new IllegalStateException(operation);
        };
    if (!(submits && losesAnswers)) {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      HttpStub.send(exchange, 200, JSON.writeValueAsBytes(answer));
    }
  }

  private ObjectNode submit(JsonNode request) {
    submitted.add(request);
    String id = UUID.randomUUID().toString();
    ObjectNode job =
        JSON.createObjectNode()
            .put("jobId", id)
            .put("jobName", request.path("jobName").asText())
            .put("jobQueue", request.path("jobQueue").asText())
            .put("status", "SUBMITTED")
            .put("createdAt", System.currentTimeMillis() + jobs.size());
    job.set("parameters", request.path("parameters"));
    jobs.add(job);
    return JSON.createObjectNode()
        .put("jobArn", "arn:aws:batch:us-east-1:123456789012:job/" + id)
        .put("jobId", id)
        .put("jobName", request.path("jobName").asText());
  }

  private ObjectNode list(JsonNode request) {
    String name = request.at("/filters/0/values/0").asText();
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode found = answer.putArray("jobSummaryList");
    for (ObjectNode job : jobs) {
      String jobName = job.path("jobName").asText();
      boolean matches =
          name.endsWith("*")
              ? jobName.startsWith(name.substring(0, name.length() - 1))
              : jobName.equals(name);
      if (matches && job.path("jobQueue").equals(request.path("jobQueue"))) {
        found.add(job.deepCopy().without(List.of("parameters", "jobQueue")));
      }
    }
    return answer;
  }

  private ObjectNode describe(JsonNode request) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode found = answer.putArray("jobs");
    for (JsonNode id : request.path("jobs")) {
      jobs.stream().filter(job -> job.path("jobId").equals(id)).forEach(found::add);
    }
    return answer;
  }

  @Override
  public void close() {
    server.close();
  }
}
