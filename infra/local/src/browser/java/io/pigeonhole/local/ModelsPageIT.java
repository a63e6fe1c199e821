package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.model.Calibration;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.Output;
import io.pigeonhole.model.S3ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Versions and trainings on the page: run with {@code -Pbrowser}. The model in service changes, and
 * so this has a product of its own.
 */
@Tag("browser")
class ModelsPageIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration TRAINING = Duration.ofMinutes(5);
  private static final String ENDED =
      ".jobs li[data-status=SUCCEEDED], .jobs li[data-status=FAILED]";

  @TempDir private static Path data;
  private static RunningProduct product;
  private static ModelRepository repository;

  @TempDir private Path folder;
  private Browser browser;

  @BeforeAll
  static void start() throws Exception {
    product = new RunningProduct(data);
    repository = new ModelRepository(new S3ModelStore(product.s3(), "models"), "cifar10");
  }

  @AfterAll
  static void stop() {
    product.close();
  }

  @BeforeEach
  void open() {
    browser = new Browser(product.product().api(), folder);
  }

  @AfterEach
  void close() {
    assertThat(browser.complaints()).isEmpty();
    browser.close();
  }

  @Test
  void putsAVersionIntoServiceAndRollsBack() throws Exception {
    Manifest before = repository.current().orElseThrow().manifest();
    Manifest next = publishedAfter(before, before.metrics());
    browser.open("#/models");
    assertThat(browser.find(button(next)).getText()).startsWith("Put into service");
    browser.find(button(next)).click();
    browser.awaitText(row(next), "in service");
    assertThat(repository.current().orElseThrow().manifest()).isEqualTo(next);
    product.awaitModel(next.version().value());
    browser.find(button(before)).click();
    browser.awaitText(row(before), "in service");
    assertThat(browser.find(button(next)).getText()).startsWith("Put into service");
    assertThat(repository.current().orElseThrow().manifest()).isEqualTo(before);
    product.awaitModel(before.version().value());
  }

  @Test
  void asksAgainBeforeAWorseVersionGoesIntoService() throws Exception {
    Manifest before = repository.current().orElseThrow().manifest();
    Metrics good = before.metrics();
    Manifest worse =
        publishedAfter(
            before,
            new Metrics(
                0.5,
                good.loss(),
                good.expectedCalibrationError(),
                good.uncalibratedError(),
                good.perClass(),
                good.confusion()));
    browser.open("#/models");
    browser.find(button(worse)).click();
    browser.awaitText(row(worse) + " .wrong", "its accuracy, 0.5000, is more than 0.0050 below");
    assertThat(browser.complaints()).allSatisfy(complaint -> assertThat(complaint).contains("409"));
    assertThat(repository.current().orElseThrow().manifest()).isEqualTo(before);
    assertThat(browser.find(button(worse)).getText()).startsWith("Do it all the same");
    browser.find(button(worse)).click();
    browser.awaitText(row(worse), "in service");
    assertThat(repository.current().orElseThrow().manifest()).isEqualTo(worse);
    browser.find(button(before)).click();
    browser.awaitText(row(before), "in service");
  }

  @Test
  void saysThatEachLabelOfAVersionWithoutThresholdIsForReview() throws Exception {
    Manifest before = repository.current().orElseThrow().manifest();
    Manifest doubtful =
        new Manifest(
            before.name(),
            before.version(),
            before.createdAt(),
            before.files(),
            before.classes(),
            before.input(),
            new Output(before.output().tensor()),
            new Calibration(1, 1, 0.95, 0),
            before.metrics(),
            before.probes(),
            before.training());
    Manifest next = publishedAfter(doubtful, before.metrics());
    browser.open("#/models");
    assertThat(browser.find(".facts").getText()).contains("of them need no person");
    browser.find(button(next)).click();
    browser.awaitText(".facts", "no threshold has 95.0 % right, so a person looks at each");
    browser.find(button(before)).click();
    browser.awaitText(row(before), "in service");
  }

  @Test
  void startsATrainingAndFollowsIt() throws Exception {
    for (String label : List.of("ship", "truck")) {
      byte[] image = Scenes.jpeg(label);
      for (int i = 0; i < 60; i++) {
        String key = "vehicles/" + label + "/" + i + ".jpg";
        product.s3().putObject(put -> put.bucket("dataset").key(key), RequestBody.fromBytes(image));
      }
    }
    browser.open("#/models");
    int versions = repository.versions().size();
    browser.count("tr[data-version]", versions, MINUTE);
    browser.find(".starter summary").click();
    browser.find("option[value=tutorial]").click();
    browser.find("input[name=data]").sendKeys("s3://dataset/vehicles/");
    browser.find(".starter button").click();
    browser.awaitText(".jobs li", "cifar10: tutorial on s3://dataset/vehicles/");
    browser.count(ENDED, 1, TRAINING);
    // it knows two classes only: it is published, but no successor of the one in service
    assertThat(browser.find(".jobs li").getText()).contains("not good enough");
    browser.count("tr[data-version]", versions + 1, MINUTE);
    browser.find(row(newest()) + " a").click();
    browser.inNewTab(() -> assertThat(browser.find("body").getText()).contains("ship", "truck"));
  }

  @Test
  void showsTheReportOfAVersion() throws Exception {
    Files.writeString(
        Files.createDirectory(folder.resolve("files")).resolve("report.html"),
        "<h1>How it went</h1><script>document.body.textContent = 'pwned'</script>");
    Manifest reported = publishedAfter(newest(), newest().metrics());
    browser.open("#/models");
    browser.find(row(reported) + " a").click();
    browser.inNewTab(() -> browser.awaitText("body", "How it went"));
    assertThat(browser.complaints())
        .allSatisfy(complaint -> assertThat(complaint).contains("Blocked script execution"));
  }

  @Test
  void saysWhatIsWrongWithATraining() {
    browser.open("#/models");
    browser.find(".starter summary").click();
    browser.find("input[name=name]").sendKeys("no such name!");
    browser.find(".starter button").click();
    browser.awaitText(".starter .wrong", "name must be the name of a model");
    assertThat(browser.complaints()).allSatisfy(complaint -> assertThat(complaint).contains("400"));
  }

  @Test
  void offersTheBasesThatThereAre() throws Exception {
    product
        .s3()
        .putObject(
            put -> put.bucket("models").key("bases/birds/base.json"), RequestBody.fromString("{}"));
    browser.open("#/models");
    browser.find(".starter summary").click();
    assertThat(browser.find("select[name=base]").getText())
        .contains("nothing", "birds", "mobilenet-v2");
    assertThat(browser.find(".starter details").getText()).contains("few dozen photos a class");
    browser.find("option[value=birds]").click();
    browser.find("option[value=tutorial]").click();
    browser.find(".starter button").click();
    browser.awaitText(".starter .wrong", "recipe must be transfer or fine-tune with a base");
    assertThat(browser.complaints()).allSatisfy(complaint -> assertThat(complaint).contains("400"));
  }

  @Test
  void offersToTryAgainWhenTrainingsDoNotAnswer() {
    browser.block("*/trainings");
    browser.open("#/models");
    browser.awaitText(".trainings .wrong", "does not answer");
    assertThat(browser.find(".facts").getText()).contains("Accuracy");
    browser.complaints();
    browser.block();
    browser.find(".trainings button").click();
    browser.awaitText(".starter button", "Start a training");
  }

  @Test
  void saysThatTrainingsAreNotSetUp() throws Exception {
    Settings untrained =
        RunningProduct.settings(
            folder.resolve("data"),
            Map.of("local.trainer", folder.resolve("no trainer.jar").toString()));
    try (RunningProduct other = new RunningProduct(untrained);
        Browser there = new Browser(other.product().api(), folder)) {
      there.open("#/models");
      there.awaitText(".trainings", "Trainings cannot be started from here");
      there.count(".trainings button", 0, MINUTE);
    }
  }

  /** Another version, with a time to tell it by. */
  private Manifest publishedAfter(Manifest before, Metrics metrics) throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    repository.download(before, files);
    Instant later = newest().createdAt().plusSeconds(60);
    Manifest made = NewVersion.of(before, files, later, metrics);
    repository.publish(made, files);
    return made;
  }

  private static Manifest newest() throws Exception {
    return repository.manifest(Collections.max(repository.versions()));
  }

  private static String row(Manifest manifest) {
    return "tr[data-version='" + manifest.version() + "']";
  }

  private static String button(Manifest manifest) {
    return row(manifest) + " button";
  }
}
