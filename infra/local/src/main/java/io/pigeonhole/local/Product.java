package io.pigeonhole.local;

import io.pigeonhole.local.backfill.BackfillServlet;
import io.pigeonhole.local.gateway.ApiRoutes;
import io.pigeonhole.local.gateway.Gateway;
import io.pigeonhole.local.gateway.Level;
import io.pigeonhole.local.gateway.Route;
import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.lambda.OnDemand;
import io.pigeonhole.local.lambda.Outcome;
import io.pigeonhole.local.queue.MessageQueue;
import io.pigeonhole.local.queue.QueueFolder;
import io.pigeonhole.local.queue.QueueReader;
import io.pigeonhole.local.s3.ObjectCreated;
import io.pigeonhole.local.s3.S3Event;
import io.pigeonhole.local.s3.S3Server;
import io.pigeonhole.local.train.BatchServlet;
import io.pigeonhole.local.train.Jobs;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.catalina.LifecycleException;

/** Everything, wired and started in order; closing it ends everything in the opposite order. */
final class Product implements AutoCloseable {
  private static final String QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:images";

  /** Where the function {@code train} finds what it takes for AWS Batch. */
  private static final String BATCH = "/local/batch";

  private static final Duration BACKOFF = Duration.ofSeconds(1);

  /** As AWS recommends for a queue that feeds a function. */
  private static final Duration VISIBILITY = Functions.LABEL_TIMEOUT.multipliedBy(6);

  /** Takes lines for the person at the terminal. */
  private final Consumer<String> log;

  private final Deque<AutoCloseable> running = new ConcurrentLinkedDeque<>();
  private final S3Event events = new S3Event(Clock.systemUTC());
  private volatile boolean closing;
  private Functions functions;
  private DataFolder data;
  private MessageQueue queue;
  private S3Server s3;
  private LambdaFunction label;
  private LambdaFunction classify;
  private Gateway gateway;

  /** Nothing is started yet. */
  Product(Consumer<String> log) {
    this.log = log;
  }

  /**
   * Starts all of it and returns when images are labeled and the API answers.
   *
   * @throws StartException when something is missing or taken; nothing is left running then
   */
  void start(Settings settings) throws StartException, InterruptedException {
    try {
      startAll(settings);
    } catch (IOException | LifecycleException e) {
      close();
      throw new StartException(e.getMessage(), e);
    } catch (StartException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void startAll(Settings settings)
      throws StartException, IOException, LifecycleException, InterruptedException {
    functions = new Functions(settings.functions(), settings.model(), settings.signIn(), log);
    Ports.check(settings.s3Port(), "the S3 server", "local.s3.port");
    Ports.check(settings.apiPort(), "the API", "local.api.port");
    data = opened(DataFolder.open(settings.data()));
    startS3(settings);
    label = functions.label(s3.endpoint(), data.temporary("label"));
    classify = functions.classify(s3.endpoint(), data.temporary("classify"));
    startGateway(settings);
    startFunctions();
    new WarmUp(label, classify).run();
  }

  private void startS3(Settings settings) throws IOException, InterruptedException {
    QueueFolder folder = new QueueFolder(data.path());
    queue = new MessageQueue(folder, VISIBILITY, BACKOFF, Clock.systemUTC());
    s3 = opened(S3Server.start(settings.s3Port(), data.objects(), Buckets.ALL, this::created));
    log.accept("S3 server at " + s3.endpoint() + ", data in " + data.path());
    int copied = new BundledModels(settings.bundledModels()).copyTo(s3.endpoint(), Buckets.MODELS);
    if (copied > 0) {
      log.accept("put the bundled model into the bucket " + Buckets.MODELS);
    }
    int missed = new Backlog(s3, events).queue(folder, queue);
    if (queue.size() > 0) {
      log.accept(
          "%d images wait for their label (%d had no event)".formatted(queue.size(), missed));
    }
  }

  private void created(ObjectCreated object) {
    if (object.bucket().equals(Buckets.IMAGES)) {
      queue.send(events.of(object));
    }
  }

  /** Opened before the functions, and so closed after them: no request is left waiting then. */
  private void startGateway(Settings settings) throws LifecycleException, StartException {
    Path folder = data.path().resolve("gateway");
    OnDemand promote = opened(new OnDemand(this::promote));
    Map<String, Function<byte[], CompletableFuture<Outcome>>> others = new HashMap<>();
    others.put(ApiRoutes.PROMOTE, promote::invoke);
    Map<String, HttpServlet> beside = new HashMap<>();
    beside.put(
        "/local/backfill",
        new BackfillServlet(s3::endpoint, this::backfill, Buckets.IMAGES, Buckets.RESULTS));
    if (Files.isRegularFile(settings.trainer())) {
      Jobs jobs = opened(new Jobs(settings.trainer(), Functions.clientOf(s3.endpoint()), log));
      OnDemand train = opened(new OnDemand(this::train));
      beside.put(BATCH + "/*", new BatchServlet(jobs));
      ApiRoutes.TRAININGS.forEach(key -> others.put(key, train::invoke));
    } else {
      log.accept("no trainings: the trainer is not built, " + settings.trainer() + " is missing");
    }
    gateway =
        opened(
            Gateway.start(
                settings.apiPort(),
                folder,
                routes(settings, others),
                settings.signIn().authorizer(),
                Gateway.TIMEOUT,
                settings.apiRate(),
                beside));
    log.accept("API at " + gateway.endpoint());
  }

  /** Where nobody has to sign in, whatever is asked for reaches a function. */
  private List<Route> routes(
      Settings settings, Map<String, Function<byte[], CompletableFuture<Outcome>>> others) {
    List<Route> routes = new ArrayList<>(ApiRoutes.all(classify::invoke, others));
    if (!settings.signIn().isAskedFor()) {
      routes.add(new Route(Route.DEFAULT, Level.NONE, classify::invoke));
    }
    return routes;
  }

  private LambdaFunction promote() {
    return functions.promote(s3.endpoint(), temporary("promote"));
  }

  private LambdaFunction backfill() {
    return functions.backfill(s3.endpoint(), temporary("backfill"));
  }

  private LambdaFunction train() {
    return functions.train(s3.endpoint(), gateway.endpoint().resolve(BATCH), temporary("train"));
  }

  private Path temporary(String name) {
    try {
      return data.temporary(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void startFunctions() {
    opened(classify).start();
    opened(label).start();
    opened(new QueueReader(queue, QUEUE_ARN, label::invoke, log)).start();
    log.accept("starting the functions label and classify");
  }

  private <T extends AutoCloseable> T opened(T part) {
    running.push(part);
    if (closing) {
      close();
    }
    return part;
  }

  /** Where S3 clients connect. */
  URI s3() {
    return s3.endpoint();
  }

  /** Where the API answers. */
  URI api() {
    return gateway.endpoint();
  }

  /** Where the data is. */
  Path data() {
    return data.path();
  }

  /** The function that labels. */
  LambdaFunction label() {
    return label;
  }

  /** The function behind the API. */
  LambdaFunction classify() {
    return classify;
  }

  /** Images that are not dealt with yet. */
  int waiting() {
    return queue.size();
  }

  /** Completed with the reason when a function cannot be kept running. */
  CompletableFuture<String> failed() {
    return CompletableFuture.anyOf(label.givenUp(), classify.givenUp()).thenApply(String::valueOf);
  }

  /** Also while it is starting, from another thread. */
  @Override
  public void close() {
    closing = true;
    for (AutoCloseable part = running.poll(); part != null; part = running.poll()) {
      try {
        part.close();
      } catch (Exception e) {
        log.accept("while ending: " + e.getMessage());
      }
    }
  }
}
