package io.pigeonhole.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pigeonhole.model.ModelRepository.Promotion;
import io.pigeonhole.model.ModelRepository.Revalidation;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRepositoryTest {
  private static final Instant T0 = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path bucket;
  @TempDir Path folder;
  @TempDir Path target;
  private FolderModelStore store;
  private ModelRepository repository;

  @BeforeEach
  void open() {
    store = new FolderModelStore(bucket);
    repository = new ModelRepository(store, "cifar10");
  }

  @Test
  void hasNoVersionAtFirst() throws Exception {
    assertThat(repository.versions()).isEmpty();
    assertThat(repository.current()).isEmpty();
    assertThat(repository.revalidate("\"x\"")).isInstanceOf(Revalidation.Missing.class);
  }

  @Test
  void publishesPromotesAndDownloadsAVersion() throws Exception {
    Manifest manifest = publish(new byte[] {1, 2}, T0, 0.9);
    assertThat(repository.versions()).containsExactly(manifest.version());
    assertThat(repository.current()).as("published is not promoted").isEmpty();

    assertThat(repository.promote(manifest.version(), Gate.byAccuracy(0)))
        .isInstanceOf(Promotion.Promoted.class);
    assertThat(repository.current().orElseThrow().manifest()).isEqualTo(manifest);

    repository.download(manifest, target);
    assertThat(target.resolve("saved_model.pb")).hasBinaryContent(new byte[] {1, 2});
  }

  @Test
  void aVersionWithoutManifestDoesNotExist() throws Exception {
    Manifest manifest = publish(new byte[] {1}, T0, 0.9);
    String half = "models/cifar10/20270101T000000Z-01234567/saved_model.pb";
    store.put(half, folder.resolve("saved_model.pb"));
    assertThat(repository.versions()).containsExactly(manifest.version());
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(
            () -> repository.promote(new ModelVersion("20270101T000000Z-01234567"), Gate.open()));
  }

  @Test
  void aPublishedVersionIsNeverReplaced() throws Exception {
    Manifest manifest = publish(new byte[] {1}, T0, 0.9);
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> repository.publish(manifest, folder))
        .withMessageContaining("published already");
  }

  @Test
  void publishesNoFileThatIsNotWhatTheManifestSays() throws Exception {
    Manifest manifest = Models.write(folder, new byte[] {1}, T0, 0.9);
    Files.write(folder.resolve("saved_model.pb"), new byte[] {2});
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> repository.publish(manifest, folder));
    assertThat(repository.versions()).isEmpty();
  }

  @Test
  void revalidationTellsWhetherThePointerMoved() throws Exception {
    Manifest first = publish(new byte[] {1}, T0, 0.9);
    repository.promote(first.version(), Gate.open());
    String etag = repository.current().orElseThrow().etag();
    assertThat(repository.revalidate(etag)).isInstanceOf(Revalidation.Unchanged.class);

    Manifest second = publish(new byte[] {2}, T0.plusSeconds(1), 0.9);
    repository.promote(second.version(), Gate.open());
    assertThat(repository.revalidate(etag))
        .isInstanceOfSatisfying(
            Revalidation.Changed.class,
            changed -> assertThat(changed.pointer().manifest()).isEqualTo(second));
  }

  @Test
  void revalidationTellsAPointerThatIsNoManifest() throws Exception {
    store.putIfMatch("models/cifar10/current.json", new byte[] {'{'}, Optional.empty());
    assertThat(repository.revalidate("\"x\"")).isInstanceOf(Revalidation.Invalid.class);
  }

  @Test
  void theGateKeepsAWorseVersionOut() throws Exception {
    Manifest good = publish(new byte[] {1}, T0, 0.9);
    repository.promote(good.version(), Gate.byAccuracy(0.01));
    Manifest worse = publish(new byte[] {2}, T0.plusSeconds(1), 0.88);

    assertThat(repository.promote(worse.version(), Gate.byAccuracy(0.01)))
        .isInstanceOfSatisfying(
            Promotion.Refused.class,
            refused -> assertThat(refused.reason()).contains("0.8800", "0.9000"));
    assertThat(repository.current().orElseThrow().manifest()).isEqualTo(good);
    assertThat(repository.promote(worse.version(), Gate.byAccuracy(0.03)))
        .isInstanceOf(Promotion.Promoted.class);
  }

  @Test
  void theGateComparesOnlyWhatWasMeasuredOnTheSameData() throws Exception {
    Manifest manifest = Models.write(folder, new byte[] {1}, T0, 0.9);
    Manifest elsewhere =
        new Manifest(
            manifest.name(),
            manifest.version(),
            T0,
            manifest.files(),
            manifest.classes(),
            manifest.input(),
            manifest.output(),
            manifest.calibration(),
            manifest.metrics(),
            manifest.probes(),
            Models.training("1".repeat(64)));
    assertThat(Gate.byAccuracy(0.5).refusal(elsewhere, manifest))
        .hasValueSatisfying(reason -> assertThat(reason).contains("other data"));
  }

  @Test
  void rollbackIsPromotingAnOlderVersion() throws Exception {
    Manifest old = publish(new byte[] {1}, T0, 0.8);
    Manifest current = publish(new byte[] {2}, T0.plusSeconds(1), 0.9);
    repository.promote(current.version(), Gate.open());
    repository.promote(old.version(), Gate.open());
    assertThat(repository.current().orElseThrow().manifest()).isEqualTo(old);
  }

  @Test
  void ofManyWhoMoveThePointerAtOnceOneWinsAndTheOthersAreTold() throws Exception {
    Manifest first = publish(new byte[] {0}, T0, 0.9);
    repository.promote(first.version(), Gate.open());
    List<Manifest> candidates =
        IntStream.range(1, 9)
            .mapToObj(i -> publishUnchecked(new byte[] {(byte) i}, T0.plusSeconds(i)))
            .toList();
    CountDownLatch allHaveReadThePointer = new CountDownLatch(candidates.size());
    Gate waiting =
        (candidate, inService) -> {
          allHaveReadThePointer.countDown();
          try {
            allHaveReadThePointer.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return Optional.empty();
        };
    ExecutorService writers = Executors.newFixedThreadPool(candidates.size());
    try {
      List<Future<Promotion>> promotions =
          candidates.stream()
              .map(m -> writers.submit(() -> repository.promote(m.version(), waiting)))
              .toList();
      int promoted = 0;
      for (int i = 0; i < promotions.size(); i++) {
        if (promotions.get(i).get() instanceof Promotion.Promoted) {
          promoted++;
          assertThat(repository.current().orElseThrow().manifest()).isEqualTo(candidates.get(i));
        }
      }
      assertThat(promoted).isEqualTo(1);
    } finally {
      writers.shutdownNow();
    }
  }

  @Test
  void refusesFilesThatWereTruncatedSwappedEnlargedOrLost() throws Exception {
    Manifest manifest = publish(new byte[] {1, 2, 3}, T0, 0.9);
    Path stored = bucket.resolve("models/cifar10/" + manifest.version()).resolve("saved_model.pb");
    for (byte[] wrong : List.of(new byte[] {1, 2}, new byte[] {3, 2, 1}, new byte[1 << 20])) {
      Files.write(stored, wrong);
      assertThatExceptionOfType(ModelRefusedException.class)
          .isThrownBy(() -> repository.download(manifest, target))
          .withMessageContaining("saved_model.pb");
    }
    assertThat(target.resolve("saved_model.pb")).as("stops at the size it expects").hasSize(4);
    Files.delete(stored);
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> repository.download(manifest, target))
        .withMessageContaining("missing");
  }

  @Test
  void refusesAPointerToAnotherModel() throws Exception {
    Manifest manifest = Models.write(folder, new byte[] {1}, T0, 0.9);
    store.putIfMatch("models/flowers/current.json", manifest.toJson(), Optional.empty());
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> new ModelRepository(store, "flowers").current())
        .withMessageContaining("flowers");
  }

  private Manifest publish(byte[] graph, Instant createdAt, double accuracy) throws Exception {
    Manifest manifest = Models.write(folder, graph, createdAt, accuracy);
    repository.publish(manifest, folder);
    return manifest;
  }

  private Manifest publishUnchecked(byte[] graph, Instant createdAt) {
    try {
      return publish(graph, createdAt, 0.9);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
