package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.bench.Figures;
import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.lambda.Outcome;
import io.pigeonhole.testkit.SampleEvents;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the functions use of what AWS asks money for: requests to S3, bytes of logs, metrics. {@code
 * infra/costs} reckons with it; {@code -Dfigures.write} writes it there.
 */
class UsageIT {
  private static final Path MEASURED =
      Path.of(System.getProperty("template")).resolveSibling("costs/measured.csv");
  private static final List<String> COLUMNS =
      List.of(
          "function",
          "GET an image",
          "PUT an image",
          "log bytes an image",
          "log bytes an invocation",
          "metrics");
  private static final int MANY = 20;

  /** In the line of the metrics, which is the last of an invocation, but of backfill. */
  private static final String METRICS = "\"_aws\"";

  private static final String TASK = "task ";

  /** The methods of requests to S3, but for those for the model, and for looks. */
  private static final Queue<String> REQUESTS = new ConcurrentLinkedQueue<>();

  private static final BlockingQueue<String> OUTPUT = new LinkedBlockingQueue<>();

  @TempDir private static Path data;
  @AutoClose private static FaultyS3 counting;
  @AutoClose private static LabelAlone images;

  @BeforeAll
  static void start() throws Exception {
    images = new LabelAlone(data, UsageIT::between, UsageIT::asInLambda, OUTPUT::add);
  }

  /** A look whether a result still stands, which only a busy machine takes at a new image's. */
  private static boolean isLook(String method, String path) {
    return method.equals("GET") && path.startsWith("/" + Buckets.RESULTS + "/labels/");
  }

  private static URI between(URI s3) {
    counting = new FaultyS3(s3);
    counting.inject(
        (method, path) -> {
          if (!path.startsWith("/" + Buckets.MODELS + "/") && !isLook(method, path)) {
            REQUESTS.add(method);
          }
          return Optional.empty();
        });
    return counting.endpoint();
  }

  /** What one invocation has used. */
  private record Usage(Map<String, Integer> requests, int logBytes, int metrics) {

    int requests(String method) {
      return requests.getOrDefault(method, 0);
    }
  }

  @Test
  void theCostsAreReckonedFromThis() throws Exception {
    List<List<String>> rows = new ArrayList<>();
    LambdaFunction label = images.function();
    use(label, event("first", 1), METRICS);
    Usage first = use(label, event("one", 1), METRICS);
    Usage many = use(label, event("many", 1 + MANY), METRICS);
    int bytes = (many.logBytes() - first.logBytes()) / MANY;
    rows.add(
        row(
            "label",
            (many.requests("GET") - first.requests("GET")) / MANY,
            (many.requests("PUT") - first.requests("PUT")) / MANY,
            bytes,
            first.logBytes() - bytes,
            first.metrics()));
    assertThat(many.requests().keySet()).as("requests of other kinds").isSubsetOf("GET", "PUT");
    try (LoneFunction backfill = function("backfill")) {
      use(backfill.process(), task("backfill-first"), TASK);
      Usage one = use(backfill.process(), task("backfill"), TASK);
      rows.add(
          row(
              "backfill",
              one.requests("GET"),
              one.requests("PUT"),
              0,
              one.logBytes(),
              one.metrics()));
    }
    try (LoneFunction classify = function("classify")) {
      byte[] request = BenchmarkPrograms.event(Scenes.jpeg("cat")).getBytes(StandardCharsets.UTF_8);
      use(classify.process(), request, METRICS);
      Usage one = use(classify.process(), request, METRICS);
      rows.add(
          row(
              "classify",
              one.requests("GET"),
              one.requests("PUT"),
              0,
              one.logBytes(),
              one.metrics()));
    }
    Figures figures = new Figures(List.of(measuredToday()), COLUMNS, rows);
    if (Boolean.getBoolean("figures.write")) {
      figures.write(MEASURED);
    }
    assertSame(Figures.read(MEASURED).rows(), rows);
  }

  private static String measuredToday() {
    return "date: " + LocalDate.now(ZoneOffset.UTC);
  }

  private static List<String> row(String function, Object... figures) {
    List<String> row = new ArrayList<>(List.of(function));
    for (Object figure : figures) {
      row.add(figure.toString());
    }
    return row;
  }

  /** Requests and metrics are counted; in lines of logs are numbers, some longer than others. */
  private static void assertSame(List<List<String>> kept, List<List<String>> measured) {
    assertThat(measured).as("%s; -Dfigures.write renews it", MEASURED).hasSameSizeAs(kept);
    for (int i = 0; i < kept.size(); i++) {
      for (int column = 0; column < COLUMNS.size(); column++) {
        String what = "%s of %s".formatted(COLUMNS.get(column), kept.get(i).get(0));
        if (COLUMNS.get(column).startsWith("log bytes")) {
          assertThat(Integer.parseInt(measured.get(i).get(column)))
              .as("%s; -Dfigures.write renews %s", what, MEASURED)
              .isCloseTo(Integer.parseInt(kept.get(i).get(column)), Percentage.withPercentage(10));
        } else {
          assertThat(measured.get(i).get(column))
              .as("%s; -Dfigures.write renews %s", what, MEASURED)
              .isEqualTo(kept.get(i).get(column));
        }
      }
    }
  }

  private static LoneFunction function(String handler) throws Exception {
    return new LoneFunction(handler, counting.endpoint(), data, UsageIT::asInLambda, OUTPUT::add);
  }

  private static void asInLambda(Map<String, String> told) {
    told.remove("POWERTOOLS_METRICS_DISABLED");
    told.remove("PIGEONHOLE_LOG_JSON");
    told.put("PIGEONHOLE_METRICS_NAMESPACE", "Pigeonhole/pigeonhole");
  }

  private static Usage use(LambdaFunction function, byte[] event, String last) throws Exception {
    REQUESTS.clear();
    OUTPUT.clear();
    Outcome outcome = function.invoke(event).get();
    assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Responded.class);
    int bytes = 0;
    int metrics = 0;
    boolean complete = false;
    // up to its last line, however long that takes, and what comes soon after it
    for (String line = next(complete); line != null; line = next(complete)) {
      String written = line.substring(line.indexOf('|') + 2);
      bytes += written.getBytes(StandardCharsets.UTF_8).length;
      complete |= written.contains(last);
      if (written.contains(METRICS)) {
        metrics = LabelAlone.JSON.readTree(written).at("/_aws/CloudWatchMetrics/0/Metrics").size();
      }
    }
    assertThat(complete).as("a line with %s", last).isTrue();
    assertThat(metrics).as("metrics").isPositive();
    Map<String, Integer> requests = new TreeMap<>();
    REQUESTS.forEach(method -> requests.merge(method, 1, Integer::sum));
    return new Usage(requests, bytes, metrics);
  }

  private static String next(boolean complete) throws InterruptedException {
    return OUTPUT.poll(complete ? 200 : 60_000, TimeUnit.MILLISECONDS);
  }

  private static byte[] event(String folder, int count) {
    ObjectNode event = LabelAlone.JSON.createObjectNode();
    ArrayNode records = event.putArray("Records");
    for (int i = 0; i < count; i++) {
      ObjectNode upload = images.upload(key(folder, i), Scenes.jpeg("cat"));
      records
          .addObject()
          .put("messageId", "059f36b4-87a3-44ab-83d2-6619" + (10_000_000 + i))
          .put("eventSource", "aws:sqs")
          .put("body", upload.toString());
    }
    return LabelAlone.JSON.writeValueAsBytes(event);
  }

  private static String key(String folder, int number) {
    return "photos/2026/%s/IMG_%04d.jpg".formatted(folder, number);
  }

  private static byte[] task(String folder) throws Exception {
    images.upload(key(folder, 0), Scenes.jpeg("cat"));
    JsonNode event = LabelAlone.JSON.readTree(SampleEvents.text("s3-batch-1.0.json"));
    ((ObjectNode) event.path("tasks").get(0)).put("s3Key", key(folder, 0));
    return LabelAlone.JSON.writeValueAsBytes(event);
  }
}
