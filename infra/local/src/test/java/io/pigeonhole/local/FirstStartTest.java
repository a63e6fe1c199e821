package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.queue.MessageQueue;
import io.pigeonhole.local.queue.QueueFolder;
import io.pigeonhole.local.queue.Received;
import io.pigeonhole.local.s3.LocalS3;
import io.pigeonhole.local.s3.S3Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** What is put into the buckets, and into the queue, before the functions start. */
class FirstStartTest {
  @TempDir static Path folder;
  @AutoClose private static LocalS3 local;
  private static S3Client s3;

  @BeforeAll
  static void start() {
    local = new LocalS3(folder, Buckets.ALL, created -> {});
    s3 = local.client();
  }

  @Test
  void copiesTheBundledModelOnceAndKeepsTheUsersPointer() throws Exception {
    Path bundled = folder.resolve("bundled");
    Path version = Files.createDirectories(bundled.resolve("models/cifar10/20260101T000000Z-abc"));
    Files.writeString(version.resolve("saved_model.pb"), "graph");
    Files.writeString(version.resolve("manifest.json"), "{}");
    Files.writeString(bundled.resolve("models/cifar10/current.json"), "{\"bundled\":true}");
    BundledModels models = new BundledModels(bundled);

    assertThat(models.copyTo(local.endpoint(), "models")).isEqualTo(3);
    assertThat(models.copyTo(local.endpoint(), "models")).isZero();
    s3.putObject(
        put -> put.bucket("models").key("models/cifar10/current.json"),
        RequestBody.fromString("{\"bundled\":false}"));
    s3.deleteObject(
        delete -> delete.bucket("models").key("models/cifar10/20260101T000000Z-abc/manifest.json"));

    assertThat(models.copyTo(local.endpoint(), "models")).isEqualTo(1);
    assertThat(
            s3.getObjectAsBytes(get -> get.bucket("models").key("models/cifar10/current.json"))
                .asUtf8String())
        .isEqualTo("{\"bundled\":false}");
  }

  @Test
  void doesWithoutABundledModel() throws Exception {
    assertThat(new BundledModels(folder.resolve("none")).copyTo(local.endpoint(), "models"))
        .isZero();
  }

  @Test
  void queuesImagesWithoutResultMessageOrDeadLetter() throws Exception {
    S3Event events = new S3Event(Clock.systemUTC());
    for (String key : List.of("new é.jpg", "labeled.jpg", "queued +.jpg")) {
      s3.putObject(put -> put.bucket("images").key(key), RequestBody.fromString("x"));
    }
    s3.putObject(
        put -> put.bucket("results").key("labels/labeled.jpg.json"), RequestBody.fromString("{}"));
    QueueFolder queueFolder = new QueueFolder(folder.resolve("data"));
    MessageQueue queue =
        new MessageQueue(
            queueFolder, Duration.ofSeconds(60), Duration.ofSeconds(1), Clock.systemUTC());
    queue.send(events.of(local.server().find("images", "queued +.jpg").orElseThrow()));

    assertThat(new Backlog(local.server(), events).queue(queueFolder, queue)).isEqualTo(1);
    assertThat(queue.receive(10, Duration.ZERO))
        .extracting(FirstStartTest::key)
        .containsExactly("queued+%2B.jpg", "new+%C3%A9.jpg");
  }

  private static String key(Received received) {
    return received.message().event().at("/Records/0/s3/object/key").asString();
  }
}
