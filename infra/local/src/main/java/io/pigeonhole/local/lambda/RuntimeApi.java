package io.pigeonhole.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Lambda Runtime API for one process of one function: the process asks for its next event,
 * works, posts the response or an error, and asks again. It lives as long as the process, so that
 * nothing can be handed to one that is gone.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Using the Lambda
 *     runtime API</a>
 */
final class RuntimeApi implements AutoCloseable {
  /** Lambda's limit of a response. */
  static final int MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

  private static final String ROOT = "/2018-06-01/runtime/";
  private static final Pattern ANSWER =
      Pattern.compile(ROOT + "invocation/([^/]+)/(response|error)");
  private static final JsonMapper JSON = JsonMapper.shared();

  static {
    // Otherwise each answer waits for the acknowledgement of its headers, 40 ms
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final String functionArn;
  private final Duration timeout;
  private final BlockingQueue<Invocation> pending;
  private final Runnable onTimeout;
  private final Map<String, Running> inFlight = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool(RuntimeApi::daemon);
  private final ScheduledExecutorService timer =
      new ScheduledThreadPoolExecutor(
          1, RuntimeApi::daemon, new ThreadPoolExecutor.DiscardPolicy());
  private final HttpServer server;

  private volatile boolean polled;
  private volatile boolean closed;
  private volatile Optional<String> initError = Optional.empty();

  private record Running(Invocation invocation, Future<?> timeout) {
    void ended(Outcome outcome) {
      timeout.cancel(false);
      invocation.outcome().complete(outcome);
    }
  }

  /**
   * Opens it on any free port of the loopback address.
   *
   * @param timeout after which an invocation has failed
   * @param pending where invocations wait for a process; shared with the processes that follow
   * @param onTimeout what to do to a process that let an invocation time out
   */
  RuntimeApi(
      String functionArn, Duration timeout, BlockingQueue<Invocation> pending, Runnable onTimeout)
      throws IOException {
    this.functionArn = functionArn;
    this.timeout = timeout;
    this.pending = pending;
    this.onTimeout = onTimeout;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "runtime-api");
    thread.setDaemon(true);
    return thread;
  }

  /** What goes into {@code AWS_LAMBDA_RUNTIME_API}. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Whether the process has come as far as asking for an event. */
  boolean polled() {
    return polled;
  }

  /** Why the process could not start, if it said so. */
  Optional<String> initError() {
    return initError;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Matcher answer = ANSWER.matcher(path);
      if (path.equals(ROOT + "invocation/next") && exchange.getRequestMethod().equals("GET")) {
        next(exchange);
      } else if (!exchange.getRequestMethod().equals("POST")) {
        reject(exchange, 404, "ResourceNotFound", "there is no " + path);
      } else if (path.equals(ROOT + "init/error")) {
        initError =
            Optional.of(failure(exchange, exchange.getRequestBody().readAllBytes()).toString());
        accept(exchange);
      } else if (answer.matches()) {
        answered(exchange, answer.group(1), answer.group(2).equals("response"));
      } else {
        reject(exchange, 404, "ResourceNotFound", "there is no " + path);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void next(HttpExchange exchange) throws IOException, InterruptedException {
    polled = true;
    Invocation invocation = take();
    Future<?> timedOut =
        timer.schedule(
            () -> timedOut(invocation.requestId()), timeout.toMillis(), TimeUnit.MILLISECONDS);
    inFlight.put(invocation.requestId(), new Running(invocation, timedOut));
    if (closed) {
      failInFlight();
      return;
    }
    long deadline = System.currentTimeMillis() + timeout.toMillis();
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json");
    headers.set("Lambda-Runtime-Aws-Request-Id", invocation.requestId());
    headers.set("Lambda-Runtime-Deadline-Ms", String.valueOf(deadline));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", functionArn);
    headers.set("Lambda-Runtime-Trace-Id", traceId(deadline, invocation.requestId()));
    exchange.sendResponseHeaders(200, invocation.payload().length);
    exchange.getResponseBody().write(invocation.payload());
  }

  /** The next one that somebody still waits for. */
  private Invocation take() throws InterruptedException {
    while (true) {
      Invocation invocation = pending.take();
      if (!invocation.outcome().isDone()) {
        return invocation;
      }
    }
  }

  private static String traceId(long millis, String requestId) {
    String hex = requestId.replace("-", "");
    return "Root=1-%08x-%s;Parent=%s;Sampled=0"
        .formatted(millis / 1000, hex.substring(0, 24), hex.substring(16));
  }

  private void timedOut(String requestId) {
    Running running = inFlight.remove(requestId);
    if (running != null) {
      running.ended(
          new Outcome.Failed(
              "Sandbox.Timedout",
              "Task timed out after %.2f seconds".formatted(timeout.toMillis() / 1000.0)));
      onTimeout.run();
    }
  }

  private void answered(HttpExchange exchange, String requestId, boolean response)
      throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_RESPONSE_BYTES + 1);
    Running running = inFlight.remove(requestId);
    if (running == null) {
      reject(exchange, 400, "InvalidRequestID", "no such invocation is running: " + requestId);
    } else if (body.length > MAX_RESPONSE_BYTES) {
      String problem = "the response is longer than " + MAX_RESPONSE_BYTES + " bytes";
      running.ended(new Outcome.Failed("Function.ResponseSizeTooLarge", problem));
      reject(exchange, 413, "RequestEntityTooLarge", problem);
    } else {
      accept(exchange);
      running.ended(response ? new Outcome.Responded(body) : failure(exchange, body));
    }
  }

  private static Outcome.Failed failure(HttpExchange exchange, byte[] body) {
    String type = exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type");
    try {
      JsonNode json = JSON.readTree(body);
      return new Outcome.Failed(
          json.path("errorType").asString(type == null ? "Unhandled" : type),
          json.path("errorMessage").asString(""));
    } catch (JacksonException e) {
      return new Outcome.Failed(
          type == null ? "Unhandled" : type, new String(body, StandardCharsets.UTF_8));
    }
  }

  private static void accept(HttpExchange exchange) throws IOException {
    send(exchange, 202, "{\"status\":\"OK\"}");
  }

  private static void reject(HttpExchange exchange, int status, String type, String message)
      throws IOException {
    send(
        exchange,
        status,
        JSON.createObjectNode().put("errorMessage", message).put("errorType", type).toString());
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private void failInFlight() {
    Outcome ended =
        new Outcome.Failed("Runtime.ExitError", "the process ended while it had the event");
    inFlight.values().forEach(running -> running.ended(ended));
  }

  /** For when the process is gone: what it was working on has failed. */
  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    timer.shutdownNow();
    server.stop(0);
    failInFlight();
  }
}
