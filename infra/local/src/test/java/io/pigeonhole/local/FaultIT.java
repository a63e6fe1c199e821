package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.FaultyS3.Fault;
import io.pigeonhole.local.lambda.Outcome;
import io.pigeonhole.local.queue.MessageQueue;
import io.pigeonhole.local.queue.QueueFolder;
import io.pigeonhole.local.queue.QueueReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever S3, the network and the process do, at the end every image has its right result. */
class FaultIT {
  private static final AtomicInteger KILLED = new AtomicInteger();

  @TempDir private static Path data;
  private static FaultyS3 faulty;
  private static LabelAlone label;

  @BeforeAll
  static void start() throws Exception {
    label =
        new LabelAlone(
            data,
            s3 -> {
              faulty = new FaultyS3(s3);
              return faulty.endpoint();
            });
    label.deliver();
  }

  @AfterAll
  static void stop() {
    label.close();
    faulty.close();
  }

  @AfterEach
  void heal() {
    faulty.inject((method, path) -> Optional.empty());
  }

  @Test
  void aNewImageTakesFourRequestsAndOneThatIsLabeledIsNotLabeledAgain() throws Exception {
    ObjectNode event = label.upload("four.jpg", Scenes.jpeg("cat"));
    List<String> first = requests(event);
    String index = "/results/by-label/" + label.result("four.jpg").path("label").asString();
    assertThat(first)
        .as("and a look at the result on a machine that is busy for a second")
        .startsWith(
            "GET /images/four.jpg",
            "PUT /results/labels/four.jpg.json",
            "PUT /images/four.jpg",
            "PUT " + index + "/four.jpg");
    assertThat(requests(event))
        .as("of the same event: what may lack is completed")
        .containsExactly(
            "GET /images/four.jpg",
            "GET /results/labels/four.jpg.json",
            "GET /images/four.jpg",
            "PUT " + index + "/four.jpg",
            "GET /results/labels/four.jpg.json");
  }

  private static List<String> requests(ObjectNode event) throws InterruptedException {
    List<String> requests = Collections.synchronizedList(new ArrayList<>());
    faulty.inject(
        (method, path) -> {
          if (!path.startsWith("/models")) {
            requests.add(method + " " + path);
          }
          return Optional.empty();
        });
    assertThat(label.deliver(event)).isEmpty();
    return requests;
  }

  /** Once at each of the requests on an image's way, from the first to the last. */
  @ParameterizedTest
  @EnumSource(Fault.class)
  void aFaultAtAnyRequestCostsNoLabel(Fault fault) throws Exception {
    int requests = 1;
    for (int n = 0; n < requests; n++) {
      String key = fault + "/" + n + ".jpg";
      ObjectNode event = label.upload(key, Scenes.jpeg("truck"));
      AtomicInteger count = new AtomicInteger();
      int nth = n;
      faulty.inject(
          (method, path) ->
              count.getAndIncrement() == nth && !path.startsWith("/models")
                  ? Optional.of(fault)
                  : Optional.empty());
      deliverUntilDone(event);
      requests = Math.max(requests, count.get());
      assertFollows(key, LabelAlone.etag(event));
    }
    assertThat(requests).as("requests on an image's way").isGreaterThan(3);
  }

  /** Before each of the requests on an image's way, from the first to the last. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theObjectIsOverwrittenAtAnyMomentOfItsLabeling(boolean andItsEventComesFirst)
      throws Exception {
    int requests = 1;
    for (int n = 0; n < requests; n++) {
      String key = "overwritten/" + andItsEventComesFirst + n + ".jpg";
      ObjectNode older = label.upload(key, Scenes.jpeg("truck"));
      AtomicReference<ObjectNode> newer = new AtomicReference<>();
      AtomicInteger count = new AtomicInteger();
      int nth = n;
      faulty.inject(
          (method, path) -> {
            if (!path.startsWith("/models") && count.getAndIncrement() == nth) {
              newer.set(label.upload(key, Scenes.jpeg("ship")));
            }
            return Optional.empty();
          });
      assertThat(label.deliver(older)).isEmpty();
      requests = Math.max(requests, count.get());
      heal();
      if (newer.get() != null) {
        assertThat(andItsEventComesFirst ? label.deliver(newer.get()) : List.of()).isEmpty();
        assertThat(label.deliver(older)).isEmpty();
        assertThat(label.deliver(newer.get())).isEmpty();
        assertFollows(key, LabelAlone.etag(newer.get()));
      }
    }
    assertThat(requests).as("requests on an image's way").isGreaterThan(3);
  }

  @Test
  void theObjectIsDeletedAtAnyMomentOfItsLabeling() throws Exception {
    int requests = 1;
    for (int n = 0; n < requests; n++) {
      String key = "deleted/" + n + ".jpg";
      ObjectNode event = label.upload(key, Scenes.jpeg("truck"));
      AtomicInteger count = new AtomicInteger();
      int nth = n;
      faulty.inject(
          (method, path) -> {
            if (!path.startsWith("/models") && count.getAndIncrement() == nth) {
              label.s3().deleteObject(delete -> delete.bucket(Buckets.IMAGES).key(key));
            }
            return Optional.empty();
          });
      assertThat(label.deliver(event)).as("handed back").isEmpty();
      requests = Math.max(requests, count.get());
      JsonNode result = label.result(key);
      assertThat(result.has("label") || result.at("/error/code").asString().equals("gone"))
          .as("%s", result)
          .isTrue();
    }
    assertThat(requests).as("requests on an image's way").isGreaterThan(3);
  }

  @Test
  void whatS3KeepsRefusingIsHandedBackAndItsNeighboursAreLabeled() throws Exception {
    ObjectNode refused = label.upload("refused.jpg", Scenes.jpeg("cat"));
    ObjectNode fine = label.upload("fine.jpg", Scenes.jpeg("cat"));
    faulty.inject(
        (method, path) ->
            path.contains("refused") ? Optional.of(Fault.SLOW_DOWN) : Optional.empty());
    assertThat(label.deliver(refused, fine)).isEqualTo(List.of(0));
    assertFollows("fine.jpg", LabelAlone.etag(fine));
    heal();
    assertThat(label.deliver(refused)).isEmpty();
    assertFollows("refused.jpg", LabelAlone.etag(refused));
  }

  @Test
  void aProcessThatDiesIsStartedAgainAndTheRedeliveredEventCompletes() throws Exception {
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      events.add(label.upload("killed/" + i + ".jpg", Scenes.jpeg(Scenes.CLASSES.get(i))));
    }
    for (int n = 1; n < 40; n += 5) {
      AtomicInteger count = new AtomicInteger();
      int nth = n;
      faulty.inject(
          (method, path) -> {
            if (count.getAndIncrement() == nth) {
              label.function().process().ifPresent(ProcessHandle::destroyForcibly);
            }
            return Optional.empty();
          });
      label.invoke(events.toArray(ObjectNode[]::new));
    }
    heal();
    assertThat(label.deliver(events.toArray(ObjectNode[]::new))).isEmpty();
    for (int i = 0; i < 10; i++) {
      assertFollows("killed/" + i + ".jpg", LabelAlone.etag(events.get(i)));
    }
  }

  /** As a queue would. */
  private static void deliverUntilDone(ObjectNode event) throws InterruptedException {
    for (int i = 0; i < MessageQueue.MAX_RECEIVES; i++) {
      if (label.deliver(event).isEmpty()) {
        return;
      }
    }
    throw new AssertionError("handed back " + MessageQueue.MAX_RECEIVES + " times");
  }

  /** Run with {@code -Pfaults}, for {@code -Dfaults.seconds}. */
  @Test
  @Tag("faults")
  void everyImageHasItsRightResultAfterFaultsAndKillsUnderLoad() throws Exception {
    long seconds = Long.parseLong(System.getProperty("faults.seconds"));
    Map<String, String> newest = new HashMap<>();
    QueueFolder folder = new QueueFolder(data);
    Duration visibility = Functions.LABEL_TIMEOUT.multipliedBy(6);
    MessageQueue queue =
        new MessageQueue(folder, visibility, Duration.ofMillis(200), Clock.systemUTC());
    List<String> givenUp = Collections.synchronizedList(new ArrayList<>());
    Thread killer = new Thread(FaultIT::kill, "killer");
    killer.setDaemon(true);
    int uploads;
    try (QueueReader reader =
        new QueueReader(queue, "arn:aws:sqs:us-east-1:0:images", FaultIT::invoke, givenUp::add)) {
      reader.start();
      faulty.inject(randomly(new Random(1), 0.05));
      killer.start();
      uploads = upload(queue, newest, seconds, new Random(2));
      killer.interrupt();
      heal();
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
      while (queue.size() > 0 && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    assertThat(queue.size()).isZero();
    // what was given up waits for a person, who has it delivered again
    for (ObjectNode event : folder.events()) {
      assertThat(label.deliver(event)).isEmpty();
    }
    for (Map.Entry<String, String> image : newest.entrySet()) {
      assertFollows(image.getKey(), image.getValue());
    }
    System.out.printf(
        Locale.ROOT,
        "%d uploads of %d images in %d s; faults %s; %d processes killed; %d messages given up and"
            + " redelivered; every image has its right result%n",
        uploads,
        newest.size(),
        seconds,
        faulty.happened(),
        KILLED.get(),
        givenUp.size());
  }

  private static CompletableFuture<Outcome> invoke(byte[] event) {
    return label.function().invoke(event);
  }

  private static void kill() {
    Random random = new Random(3);
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(2000 + random.nextInt(8000));
        label.function().process().ifPresent(ProcessHandle::destroyForcibly);
        KILLED.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static FaultyS3.Faults randomly(Random random, double share) {
    Fault[] all = Fault.values();
    return (method, path) -> {
      synchronized (random) {
        return random.nextDouble() < share
            ? Optional.of(all[random.nextInt(all.length)])
            : Optional.empty();
      }
    };
  }

  /** Uploads and overwrites; each event comes once to three times, and in a mixed order. */
  private static int upload(
      MessageQueue queue, Map<String, String> newest, long seconds, Random random)
      throws InterruptedException {
    List<ObjectNode> late = new ArrayList<>();
    int uploads = 0;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      String key = "chaos/" + random.nextInt(200) + ".jpg";
      String scene = Scenes.CLASSES.get(random.nextInt(Scenes.CLASSES.size()));
      ObjectNode event = label.upload(key, Scenes.jpeg(scene));
      uploads++;
      newest.put(key, LabelAlone.etag(event));
      for (int copies = 1 + random.nextInt(3); copies > 0; copies--) {
        late.add(random.nextInt(late.size() + 1), event);
      }
      while (late.size() > 30) {
        queue.send(late.remove(0));
      }
      while (queue.size() > 200) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    late.forEach(queue::send);
    return uploads;
  }

  /** The result, the tags and the index say the same of the object as it is. */
  private static void assertFollows(String key, String etag) {
    JsonNode result = label.result(key);
    String name = result.path("label").asString();
    assertThat(result.path("etag").asString()).as(key).isEqualTo(etag);
    assertThat(name).as(key).isIn(Scenes.CLASSES);
    assertThat(label.tags(Buckets.IMAGES, key)).as(key).containsEntry("label", name);
    assertThat(label.indexed(key)).as(key).containsExactly(name);
  }
}
