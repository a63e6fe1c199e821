package io.pigeonhole.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server of the three requests to AWS Batch that the functions make, answered as <a
 * href="https://docs.aws.amazon.com/batch/latest/APIReference/API_Operations.html">documented</a>.
 */
final class BatchServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<ObjectNode> jobs = new ArrayList<>();
  private final List<JsonNode> submitted = new ArrayList<>();
  private boolean losesAnswers;
  private int refusesWith;

  BatchServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/submitjob", exchange -> answer(exchange, this::submit));
    server.createContext("/v1/listjobs", exchange -> answer(exchange, this::list));
    server.createContext("/v1/describejobs", exchange -> answer(exchange, this::describe));
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
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

  private interface Operation {
    ObjectNode answer(JsonNode request) throws IOException;
  }

  private void answer(HttpExchange exchange, Operation operation) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      byte[] body;
      synchronized (this) {
        if (refusesWith > 0 && exchange.getRequestURI().getPath().equals("/v1/submitjob")) {
          exchange.getResponseHeaders().add("x-amzn-ErrorType", "ClientException");
          exchange.sendResponseHeaders(refusesWith, -1);
          return;
        }
        body = JSON.writeValueAsBytes(operation.answer(request));
        if (losesAnswers && exchange.getRequestURI().getPath().equals("/v1/submitjob")) {
          return;
        }
      }
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
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
    server.stop(0);
    threads.shutdownNow();
  }
}
