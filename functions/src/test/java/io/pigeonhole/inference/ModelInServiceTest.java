package io.pigeonhole.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.Resize;
import io.pigeonhole.inference.ColorModel.Fault;
import io.pigeonhole.inference.ColorModel.Spec;
import io.pigeonhole.model.Answer;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.GraphPolicy;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelStore;
import io.pigeonhole.model.OtherAnswersException;
import io.pigeonhole.model.Prediction;
import io.pigeonhole.model.ProbeAnswers;
import io.pigeonhole.model.ProbeImages;
import io.pigeonhole.model.Processor;
import io.pigeonhole.model.ReviewReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.proto.SavedModel;

class ModelInServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final byte[] RED = {(byte) 200, 10, 10};
  private static final byte[] GREEN = {10, (byte) 200, 10};

  @TempDir Path bucket;

  private ColorModel published;
  private ModelInService models;

  @BeforeEach
  void serve() {
    published = new ColorModel(bucket);
    models = serve(new FolderModelStore(bucket));
  }

  @AfterEach
  void stop() {
    models.close();
  }

  @Test
  void answersEachImageOfABatchInOnePass() throws Exception {
    published.standard();
    try (Lease model = models.acquire(PATIENCE)) {
      Batch batch = model.newBatch(3);
      int green = batch.add(image(GREEN));
      int red = batch.add(image(RED));
      Answers answers = model.classify(batch);
      assertThat(answers.of(green).label()).isEqualTo("green");
      assertThat(answers.of(red).label()).isEqualTo("red");
      assertThat(answers.of(red).confidence()).isBetween(0.9f, 1f);
      assertThat(answers.of(red).review()).isFalse();
      assertThat(answers.of(red).predictions())
          .extracting(Prediction::label)
          .containsExactly("red", "green", "blue");
    }
  }

  @Test
  void isThereBeforeTheFirstRequestOnceItHasBegun() throws Exception {
    published.standard();
    models.begin();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (models.manifest().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(models.manifest()).isPresent();
    assertThat(models.counts().loaded()).isEqualTo(1);
  }

  @Test
  void asksForAReviewBelowTheThreshold() throws Exception {
    published.standard();
    assertThat(classify(new byte[] {90, 90, 90}).reason()).contains(ReviewReason.UNSURE);
  }

  @Test
  void knowsAnUnknownImageOfABatchInTheSamePass() throws Exception {
    published.withNovelty(0.9);
    try (Lease model = models.acquire(PATIENCE)) {
      Batch batch = model.newBatch(3);
      int black = batch.add(image(new byte[] {0, 0, 0}));
      int red = batch.add(image(RED));
      int dark = batch.add(image(new byte[] {17, 0, 0}));
      Answers answers = model.classify(batch);
      assertThat(answers.of(red).reason()).isEmpty();
      assertThat(answers.of(red).novelty())
          .get(InstanceOfAssertFactories.FLOAT)
          .isEqualTo(1 - 200 / 255f, within(1e-4f));
      assertThat(answers.of(black).reason()).contains(ReviewReason.UNKNOWN);
      assertThat(answers.of(black).confidence()).isZero();
      Classification unknown = answers.of(dark);
      assertThat(unknown.reason()).contains(ReviewReason.UNKNOWN);
      assertThat(unknown.label()).isEqualTo("red");
      // a fifteenth as bright as can be, where a tenth is known
      assertThat(unknown.confidence())
          .isEqualTo(answers.probabilities(dark)[0] * 2 / 3, within(1e-4f));
    }
  }

  @Test
  void saysNothingOfNoveltyWhereTheModelDoesNot() throws Exception {
    published.standard();
    assertThat(classify(new byte[] {0, 0, 0}).novelty()).isEmpty();
    assertThat(classify(new byte[] {0, 0, 0}).reason()).contains(ReviewReason.UNSURE);
  }

  @Test
  void saysWhatIsWrongWithTheNoveltyOfAModel() throws Exception {
    Spec spec = Spec.STANDARD.novelty("novelty", 0.9);
    assertRefusedAs(spec.fault(Fault.HAS_NO_NUMBER_FOR_NOVELTY), spec, "the novelty NaN");
    assertRefusedAs(spec.fault(Fault.HAS_NOVELTY_ABOVE_1), spec, "expected 0 to 1");
    assertRefusedAs(spec.fault(Fault.HAS_NOVELTY_BELOW_0), spec, "the novelty -");
    assertRefusedAs(
        spec.fault(Fault.HAS_NOVELTY_IN_COLUMNS),
        spec,
        "output novelty is DT_FLOAT [-1, 1], expected DT_FLOAT [-1]");
    assertRefusedAs(Spec.STANDARD, spec, "no output 'novelty'");
  }

  @Test
  void scalesForANetworkThatTakesFloats() throws Exception {
    Input floats = new Input("images", Input.Dtype.FLOAT32, 8, 8, 3, Resize.STRETCH, 1 / 255.0);
    published.inService(Spec.STANDARD.input(floats));
    Classification answer = classify(RED);
    assertThat(answer.label()).isEqualTo("red");
    // softmax of ten times 200/255, 10/255, 10/255
    assertThat(answer.confidence()).isBetween(0.9988f, 0.9989f);
  }

  @Test
  void givesLuminanceToANetworkOfOneChannel() throws Exception {
    Input grey = Input.uint8("images", 8, 8, 1, Resize.STRETCH);
    published.inService(Spec.STANDARD.labels("bright", "dark").input(grey));
    Classification green = classify(GREEN);
    Classification red = classify(RED);
    assertThat(green.label()).isEqualTo("bright");
    assertThat(green.confidence()).isGreaterThan(red.confidence());
  }

  @Test
  void saysWhatIsMissingWhenNoModelIsInService() {
    assertThatThrownBy(() -> models.acquire(PATIENCE))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("current.json");
  }

  @Test
  void takesUpAModelThatComesLater() throws Exception {
    assertThatThrownBy(() -> models.acquire(PATIENCE))
        .isInstanceOf(ModelUnavailableException.class);
    published.standard();
    assertThat(classify(RED).label()).isEqualTo("red");
  }

  @Test
  void switchesToANewerModelWhileRequestsRunAndFailsNone() throws Exception {
    published.standard();
    AtomicBoolean stop = new AtomicBoolean();
    ConcurrentLinkedQueue<String> labels = new ConcurrentLinkedQueue<>();
    ExecutorService clients = Executors.newFixedThreadPool(4);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(
          clients.submit(
              () -> {
                while (!stop.get()) {
                  labels.add(classify(RED).label());
                }
                return labels.size();
              }));
    }
    for (int version = 2; version <= 4; version++) {
      published.inService(Spec.STANDARD.labels("red" + version, "green", "blue"));
      awaitLabel("red" + version);
    }
    stop.set(true);
    for (Future<?> client : running) {
      client.get(20, TimeUnit.SECONDS);
    }
    clients.shutdown();
    assertThat(labels).contains("red", "red2", "red3", "red4");
    assertThat(models.counts()).isEqualTo(new ModelInService.Counts(4, 0, 0));
  }

  @Test
  void keepsAReplacedModelUntilItsLastLeaseEnds() throws Exception {
    published.standard();
    Lease old = models.acquire(PATIENCE);
    published.inService(Spec.STANDARD.labels("scarlet", "green", "blue"));
    awaitLabel("scarlet");
    Batch batch = old.newBatch(1);
    batch.add(image(RED));
    assertThat(old.classify(batch).of(0).label()).isEqualTo("red");
    old.close();
    assertThatThrownBy(() -> old.classify(batch)).isInstanceOf(RuntimeException.class);
    old.close();
    assertThat(classify(RED).label()).isEqualTo("scarlet");
  }

  @Test
  void refusesAModelWhoseFileWasChanged() throws Exception {
    published.standard();
    assertThat(classify(RED).label()).isEqualTo("red");
    Manifest next = published.inService(Spec.STANDARD.labels("scarlet", "green", "blue"));
    // before anybody looks
    byte[] graph = Files.readAllBytes(published.savedModel(next));
    graph[graph.length / 2] ^= 1;
    Files.write(published.savedModel(next), graph);
    awaitRefusal();
    assertThat(classify(RED).label()).isEqualTo("red");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NONE", "NEEDS_FLOAT32"},
      mode = EnumSource.Mode.EXCLUDE)
  void keepsTheOldModelWhenTheNewerOneIsWrong(Fault fault) throws Exception {
    published.standard();
    assertThat(classify(RED).label()).isEqualTo("red");
    published.inService(
        Spec.STANDARD.labels("scarlet", "green", "blue").novelty("novelty", 0.9).fault(fault));
    awaitRefusal();
    assertThat(classify(RED).label()).isEqualTo("red");
  }

  @Test
  void takesAModelThatAnswersItsProbeImagesAsWhenItWasMeasured() throws Exception {
    for (Input input :
        List.of(
            Spec.STANDARD.input(),
            Input.uint8("images", 8, 8, 1, Resize.CROP),
            new Input("images", Input.Dtype.FLOAT32, 8, 8, 3, Resize.STRETCH, 1 / 255.0))) {
      Spec spec = Spec.STANDARD.input(input);
      Manifest next = published.inService(spec.probes(ProbeAnswers.rounded(answers(spec))));
      awaitVersion(next);
    }
    assertThat(models.counts().refused()).isZero();
  }

  @Test
  void keepsTheOldModelWhereTheProcessorComputesTheNewerOneWrongly() throws Exception {
    float[][] others = answers(Spec.STANDARD);
    assertThat(classify(RED).label()).isEqualTo("red");
    others[1][0] += 0.002f;
    others[1][1] -= 0.002f;
    published.inService(
        Spec.STANDARD.labels("scarlet", "green", "blue").probes(ProbeAnswers.rounded(others)));
    awaitRefusal();
    assertThat(classify(RED).label()).isEqualTo("red");
  }

  @Test
  void computesInFloat32WhatBfloat16WouldAnswerOtherwise() throws Exception {
    assumeThat(Bfloat16Convolutions.areFast()).isTrue();
    Spec spec = Spec.STANDARD.fault(Fault.NEEDS_FLOAT32);
    float[][] exact = answers(spec);
    Manifest next = published.inService(spec.probes(ProbeAnswers.rounded(exact)));
    SavedModel narrow =
        Bfloat16Convolutions.of(GraphPolicy.check(published.savedModel(next))).orElseThrow();
    Path folder = Files.createDirectory(bucket.resolve("narrow"));
    Files.write(folder.resolve(Manifest.SAVED_MODEL), narrow.toByteArray());
    assertThatThrownBy(() -> ServedModel.load(folder, next, ProbeAnswers.BFLOAT16))
        .isInstanceOf(OtherAnswersException.class);
    awaitVersion(next);
    assertThat(classify(RED).confidence()).isCloseTo(answersTo(RED), within(1e-6f));
    assertThat(models.counts().refused()).isZero();
  }

  /** What the standard network answers: a softmax of ten times the brightness of each channel. */
  private static float answersTo(byte[] color) {
    double sum = 0;
    for (byte channel : color) {
      sum += Math.exp(10 * (channel & 0xff) / 255.0);
    }
    return (float) (Math.exp(10 * (color[0] & 0xff) / 255.0) / sum);
  }

  @Test
  void saysWhichProcessorAnswersOtherwise() throws Exception {
    published.inService(
        Spec.STANDARD.probes(List.of(List.of(1.0, 0.0, 0.0), List.of(1.0, 0.0, 0.0))));
    assertThatThrownBy(() -> models.acquire(PATIENCE))
        .hasMessageContaining("this processor, " + Processor.ofThisMachine().description())
        .hasMessageContaining("is 'red' with 0.")
        .hasMessageEndingWith("its manifest says 1.0000");
  }

  /** What a network answers its probe images here. */
  private float[][] answers(Spec spec) throws Exception {
    Manifest manifest = published.inService(spec);
    ServedModel model =
        ServedModel.load(
            published.savedModel(manifest).getParent(), manifest, ProbeAnswers.ROUNDING);
    Batch batch = new Batch(spec.input(), ProbeImages.COUNT);
    ProbeImages.of(batch.height(), batch.width()).forEach(batch::add);
    float[][] answers =
        model.answers(batch).stream().map(Answer::probabilities).toArray(float[][]::new);
    model.release();
    return answers;
  }

  @Test
  void refusesAModelThatIsNotAsItsManifestSays() throws Exception {
    assertRefused(Spec.STANDARD.labels("red", "green"), "output probabilities is DT_FLOAT [-1, 3]");
    assertRefused(
        Spec.STANDARD.input(Input.uint8("images", 16, 16, 3, Resize.CROP)),
        "input images is DT_UINT8 [-1, 8, 8, 3], expected DT_UINT8 [-1, 16, 16, 3]");
    assertRefused(
        Spec.STANDARD.input(new Input("images", Input.Dtype.FLOAT32, 8, 8, 3, Resize.CROP, 1)),
        "expected DT_FLOAT");
    assertRefused(
        Spec.STANDARD.input(Input.uint8("pixels", 8, 8, 3, Resize.CROP)), "no input 'pixels'");
    assertRefused(Spec.STANDARD.output("logits"), "no output 'logits'");
  }

  @Test
  void doesNotTryARefusedModelAgainUntilThePointerMoves() throws Exception {
    published.standard();
    assertThat(classify(RED).label()).isEqualTo("red");
    published.inService(Spec.STANDARD.fault(Fault.READS_A_FILE));
    awaitRefusal();
    for (int i = 0; i < 3; i++) {
      assertThat(classify(RED).label()).isEqualTo("red");
    }
    assertThat(models.counts().refused()).isEqualTo(1);
    published.inService(Spec.STANDARD.labels("scarlet", "green", "blue"));
    awaitLabel("scarlet");
  }

  @Test
  void triesARefusedModelAgainIfThereIsNoOther() throws Exception {
    Path graph = published.savedModel(published.standard());
    Path onItsWay = Files.move(graph, bucket.resolve("on-its-way"));
    assertThatThrownBy(() -> models.acquire(PATIENCE)).hasMessageContaining("is missing");
    Files.move(onItsWay, graph);
    assertThat(classify(RED).label()).isEqualTo("red");
  }

  @Test
  void doesNotTryItAgainAtEveryLook() throws Exception {
    models.close();
    models = serve(new FolderModelStore(bucket), Duration.ofMinutes(1));
    published.inService(Spec.STANDARD.fault(Fault.READS_A_FILE));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> models.acquire(PATIENCE)).hasMessageContaining("ReadFile");
      // until it looks again, although a refresh is longer
      Thread.sleep(2100);
    }
    assertThat(models.counts().refused()).isEqualTo(1);
    published.standard();
    assertThat(classify(RED).label()).isEqualTo("red");
  }

  @Test
  void servesOnWhileTheStoreDoesNotAnswerAndFollowsWhenItDoesAgain() throws Exception {
    Unsteady store = new Unsteady(new FolderModelStore(bucket));
    models.close();
    models = serve(store);
    published.standard();
    assertThat(classify(RED).label()).isEqualTo("red");
    store.down = true;
    published.inService(Spec.STANDARD.labels("scarlet", "green", "blue"));
    for (int i = 0; i < 20; i++) {
      assertThat(classify(RED).label()).isEqualTo("red");
    }
    assertThat(models.counts().failed()).isPositive();
    store.down = false;
    awaitLabel("scarlet");
  }

  private static ModelInService serve(ModelStore store) {
    return serve(store, Duration.ZERO);
  }

  private static ModelInService serve(ModelStore store, Duration refresh) {
    return new ModelInService(
        new ModelRepository(store, ColorModel.NAME), new TensorFlowEngine(), refresh, true);
  }

  private void assertRefused(Spec described, String reason) throws Exception {
    assertRefusedAs(Spec.STANDARD, described, reason);
  }

  private void assertRefusedAs(Spec real, Spec described, String reason) throws Exception {
    published.inService(real, described);
    assertThatThrownBy(() -> models.acquire(PATIENCE)).hasMessageContaining(reason);
  }

  private Classification classify(byte[] color) throws ModelUnavailableException {
    try (Lease model = models.acquire(PATIENCE)) {
      Batch batch = model.newBatch(1);
      batch.add(image(color));
      return model.classify(batch).of(0);
    }
  }

  private void awaitLabel(String label) throws ModelUnavailableException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!classify(RED).label().equals(label)) {
      assertThat(System.nanoTime()).as("in service in time: " + label).isLessThan(end);
    }
  }

  private void awaitVersion(Manifest manifest) throws ModelUnavailableException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!models.manifest().equals(Optional.of(manifest))) {
      models.acquire(PATIENCE).close();
      assertThat(System.nanoTime()).as("in service in time: " + manifest).isLessThan(end);
    }
  }

  private void awaitRefusal() throws ModelUnavailableException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (models.counts().refused() == 0) {
      models.acquire(PATIENCE).close();
      assertThat(System.nanoTime()).as("refused in time").isLessThan(end);
    }
  }

  private static Pixels image(byte[] color) {
    byte[] rgb = new byte[8 * 8 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = color[i % 3];
    }
    return new Pixels(8, 8, rgb);
  }

  /** A store that can be out of reach. */
  private static final class Unsteady implements ModelStore {
    private final ModelStore store;
    private volatile boolean down;

    Unsteady(ModelStore store) {
      this.store = store;
    }

    private ModelStore reached() throws IOException {
      if (down) {
        throw new IOException("connection refused");
      }
      return store;
    }

    @Override
    public Fetched get(String key) throws IOException {
      return reached().get(key);
    }

    @Override
    public Fetched getIfChanged(String key, String etag) throws IOException {
      return reached().getIfChanged(key, etag);
    }

    @Override
    public InputStream open(String key) throws IOException {
      return reached().open(key);
    }

    @Override
    public void put(String key, Path file) throws IOException {
      reached().put(key, file);
    }

    @Override
    public boolean putIfMatch(String key, byte[] bytes, Optional<String> etag) throws IOException {
      return reached().putIfMatch(key, bytes, etag);
    }

    @Override
    public void delete(String key) throws IOException {
      reached().delete(key);
    }

    @Override
    public List<String> list(String prefix) throws IOException {
      return reached().list(prefix);
    }
  }
}
