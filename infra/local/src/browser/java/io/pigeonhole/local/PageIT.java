package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.gateway.Rate;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page as people use it: run with {@code -Pbrowser}. */
@Tag("browser")
@ExtendWith(RunningProduct.Shared.class)
class PageIT {
  private static final String DONE = ".card[data-state=done]";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final RunningProduct product;
  @TempDir private Path downloads;
  private Browser browser;

  PageIT(RunningProduct product) {
    this.product = product;
  }

  @BeforeEach
  void open() {
    browser = new Browser(product.product().api(), downloads);
  }

  @AfterEach
  void close() {
    assertThat(browser.complaints()).isEmpty();
    browser.close();
  }

  @Test
  void sortsTenPhotosAndKeepsACorrection() {
    long start = System.nanoTime();
    browser.drop(names(10), scenes(10));
    browser.count(DONE, 10, MINUTE);
    System.out.printf(
        "ten photos, drop to labels: %d ms%n", (System.nanoTime() - start) / 1_000_000);
    assertThat(browser.find(".summary").getText()).startsWith("10 of 10 labeled");
    browser.find(".card summary").click();
    browser.find(".card input[name=label]").sendKeys("paper boat", Keys.ENTER);
    browser.awaitText(".card .label", "paper boat");
    browser.reload();
    browser.count(DONE, 10, MINUTE);
    assertThat(browser.all(".card .label").stream().map(WebElement::getText))
        .contains("paper boat");
    browser.open("#/pigeonholes/paper%20boat");
    browser.count(".photos .thumb", 1, MINUTE);
  }

  @Test
  void showsWhatSpeaksForALabel() {
    browser.drop(names(1), scenes(1));
    browser.count(DONE, 1, MINUTE);
    WebElement picture = browser.find(".card .thumb img");
    String before = picture.getAttribute("src");
    browser.find(".card button[aria-pressed]").click();
    browser.count(".card button[aria-pressed=true]", 1, MINUTE);
    assertThat(picture.getAttribute("src")).startsWith("blob:").isNotEqualTo(before);
  }

  @Test
  void takesHostileNamesForWhatTheyAre() {
    String name = "<img src=x onerror=\"window.pwned=1\">'\u202Egpj.exe&amp;%41?.png";
    browser.drop(List.of(name), scenes(1));
    browser.count(DONE, 1, MINUTE);
    assertThat(browser.find(".card h2").getText()).contains("<img src=x onerror=");
    product.upload("hostile/<script>window.pwned=1</script>.png", Scenes.png("ship"));
    product.upload("hostile/javascript:window.pwned=1//\"><b>.png", Scenes.png("ship"));
    assertResults("hostile/<script>window.pwned=1</script>.png");
    browser.open("#/pigeonholes/ship");
    browser.open("#/pigeonholes/%3Cimg%20src%3Dx%20onerror%3D%22window.pwned%3D1%22%3E");
    assertThat(browser.find(".view h1").getText()).contains("<img src=x");
    assertThat(browser.run("return window.pwned")).isNull();
  }

  private void assertResults(String key) {
    try {
      assertThat(product.awaitResult(key).has("label")).isTrue();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysThatTheApiIsDeadAndGoesOnWhenItIsNot() {
    browser.offline(true);
    browser.drop(names(3), scenes(3));
    browser.count(".card[data-state=failed]", 3, MINUTE);
    assertThat(browser.find("#trouble").getText()).contains("does not answer");
    browser.complaints();
    browser.offline(false);
    browser.find("#trouble button").click();
    browser.count(DONE, 3, MINUTE);
    assertThat(browser.find("#trouble").isDisplayed()).isFalse();
  }

  @Test
  void sortsFiveHundredPhotosAtOnce() {
    List<byte[]> photos =
        IntStream.range(0, 500).mapToObj(i -> noise(i, Scenes.CLASSES.get(i % 10))).toList();
    long start = System.nanoTime();
    browser.drop(names(500), photos);
    browser.count(".card", 500, MINUTE);
    long shown = System.nanoTime();
    browser.count(DONE, 500, Duration.ofMinutes(4));
    System.out.printf(
        "500 photos: shown after %d ms, labeled after %d ms%n",
        (shown - start) / 1_000_000, (System.nanoTime() - start) / 1_000_000);
    assertThat(browser.find(".summary").getText()).startsWith("500 of 500 labeled");
  }

  @Test
  void sortsPhotosAlthoughTheGatewayTakesFewRequests() throws Exception {
    Settings settings = RunningProduct.settings(downloads.resolve("data"), new Rate(20, 40));
    try (RunningProduct slow = new RunningProduct(settings);
        Browser there = new Browser(slow.product().api(), downloads)) {
      there.drop(names(60), IntStream.range(0, 60).mapToObj(i -> noise(i, "ship")).toList());
      there.count(DONE, 60, Duration.ofMinutes(2));
      assertThat(there.complaints()).allSatisfy(complaint -> assertThat(complaint).contains("429"));
    }
  }

  @Test
  void isReviewedFromTheKeyboard() throws Exception {
    for (int i = 0; i < 30; i++) {
      product.upload("unsure/" + i + ".png", noise(i));
    }
    RunningProduct.await(() -> product.get("/review").body().contains("unsure/"));
    browser.open("#/review");
    String name = browser.find(".stage h2").getText();
    String label = browser.find(".choice[data-key='2'] bdi").getText();
    browser.press("2");
    RunningProduct.await(() -> !browser.find(".stage").getText().startsWith(name));
    RunningProduct.await(
        () -> product.get("/corrections?limit=200").body().contains("\"label\":\"" + label));
  }

  @Test
  void takesOneChoiceForEachPhotoOfAReview() throws Exception {
    for (int i = 0; i < 30; i++) {
      product.upload("doubtful/" + i + ".png", noise(100 + i));
    }
    for (int i = 0; i < 30; i++) {
      product.awaitResult("doubtful/" + i + ".png");
    }
    List<String> keys =
        RunningProduct.JSON.readTree(product.get("/review").body()).findValuesAsString("key");
    browser.open("#/review");
    browser.awaitText(".stage h2", nameOf(keys.get(0)));
    browser.run(
        """
        for (const repeat of [false, false, true, true]) {
          dispatchEvent(new KeyboardEvent('keydown', { key: '1', repeat }));
        }
        """);
    browser.awaitText(".stage h2", nameOf(keys.get(1)));
    Thread.sleep(400); // what else was chosen
    assertThat(browser.find(".stage h2").getText()).isEqualTo(nameOf(keys.get(1)));
    assertThat(product.awaitResult(keys.get(0)).has("correction")).isTrue();
    assertThat(product.awaitResult(keys.get(1)).has("correction")).isFalse();
  }

  @Test
  void tellsUnknownPhotosApartAndTakesNoneOfTheLabels(@TempDir Path folder) throws Exception {
    byte[] white = BrightUnknown.grey(255);
    String key = "! of all the first.png";
    try (BrightUnknown bright = new BrightUnknown(product, 0.9, folder)) {
      product.upload(key, white);
      assertThat(product.awaitResult(key).at("/model/version").asString())
          .isEqualTo(bright.manifest().version().value());
      browser.drop(List.of("white.png"), List.of(white));
      browser.count(DONE, 1, MINUTE);
      browser.awaitText(".card .verdict", "unknown");
      assertThat(browser.find(".summary").getText()).contains("1 to review (1 unknown)");
      browser.open("#/review");
      browser.awaitText(".stage h2", key);
      browser.awaitText(".stage .verdict", "unknown");
      browser.find("select option[value=unsure]").click();
      RunningProduct.await(() -> !browser.find(".stage").getText().contains("unknown"));
      browser.find("select option[value=unknown]").click();
      browser.awaitText(".stage h2", key);
      browser.find(".stage h2").click();
      browser.press("n");
      RunningProduct.await(() -> product.awaitResult(key).at("/correction/none").asBoolean());
      RunningProduct.await(() -> !browser.find(".stage").getText().startsWith(key));
      assertThat(product.get("/review?limit=200").body()).doesNotContain(key);
    }
  }

  private static String nameOf(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  @Test
  void walksThroughAPigeonholeWithTheArrowKeys() throws Exception {
    for (int i = 0; i < 3; i++) {
      product.upload("walk/" + i + ".png", Scenes.png("truck"));
      product.awaitResult("walk/" + i + ".png");
      product.put(
          "/images/walk%2F" + i + ".png/label",
          "application/json",
          "{\"label\":\"van\"}".getBytes(UTF_8));
    }
    browser.open("#/pigeonholes/van");
    browser.count(".photos .thumb", 3, MINUTE);
    browser.run("document.querySelector('.photos button').focus()");
    browser.press(Keys.ARROW_RIGHT);
    browser.press(Keys.ENTER);
    assertThat(browser.find("dialog h2").getText()).isEqualTo("1.png");
    browser.press(Keys.ARROW_RIGHT);
    assertThat(browser.find("dialog h2").getText()).isEqualTo("2.png");
    browser.press(Keys.ESCAPE);
    browser.count("dialog", 0, MINUTE);
    assertThat((String) browser.run("return document.activeElement.getAttribute('aria-label')"))
        .startsWith("1.png");
  }

  @Test
  void downloadsAPigeonholeAsAZip() throws Exception {
    byte[] image = Scenes.png("deer");
    for (String key : List.of("zip/é 1.png", "zip/..\\2.png")) {
      product.upload(key, image);
      product.awaitResult(key);
      product.put(
          "/images/" + RunningProduct.encoded(key) + "/label",
          "application/json",
          "{\"label\":\"elk\"}".getBytes(UTF_8));
    }
    browser.open("#/pigeonholes/elk");
    browser.find(".tools button").click();
    Path zip = downloads.resolve("elk.zip");
    RunningProduct.await(() -> Files.exists(zip) && Files.size(zip) > 2L * image.length);
    try (ZipFile files = new ZipFile(zip.toFile())) {
      assertThat(files.stream().map(Object::toString))
          .containsExactlyInAnyOrder("zip/é 1.png", "zip/2.png");
      assertThat(files.getInputStream(files.getEntry("zip/2.png")).readAllBytes()).isEqualTo(image);
    }
  }

  @Test
  void saysThatAPigeonholeIsTooMuchForAZip() throws Exception {
    product.upload("zip/huge.png", Scenes.png("deer"));
    product.awaitResult("zip/huge.png");
    product.put(
        "/images/zip%2Fhuge.png/label",
        "application/json", "{\"label\":\"moose\"}".getBytes(UTF_8));
    browser.open("#/pigeonholes/moose");
    browser.run(
        """
        return import('/page/zip.js').then(({ Zip }) => {
          const { add } = Zip.prototype;
          const huge = { length: 2 ** 32, byteLength: 2 ** 32, *[Symbol.iterator]() {} };
          Zip.prototype.add = function (name) {
            add.call(this, name, huge);
          };
        });
        """);
    browser.find(".tools button").click();
    browser.awaitText(".tools button", "too much for one ZIP file");
    assertThat(downloads.resolve("moose.zip")).doesNotExist();
  }

  @Test
  void showsTheModelInService() {
    browser.open("#/models");
    assertThat(browser.find(".facts").getText()).contains("Accuracy");
    browser.count("tr[data-version] .chip.person", 1, MINUTE);
  }

  @ParameterizedTest
  @CsvSource({"380,light", "800,light", "1440,light", "380,dark", "800,dark", "1440,dark"})
  void isOpenToEverybody(int width, String scheme) throws Exception {
    product.upload("open/unsure.png", noise(7));
    browser.size(width, width < 500 ? 820 : 900);
    browser.scheme(scheme);
    browser.drop(names(10), scenes(10));
    browser.count(DONE, 10, MINUTE);
    check("sort", width, scheme);
    for (String view : List.of("pigeonholes", "pigeonholes/ship", "review", "models")) {
      browser.open("#/" + view);
      check(view.replace('/', '-'), width, scheme);
    }
    browser.find(".starter summary").click();
    check("training", width, scheme);
    browser.open("#/pigeonholes/airplane");
    browser.find(".photos button").click();
    browser.find("dialog button[aria-pressed]").click();
    browser.count("dialog button[aria-pressed=true]", 1, MINUTE);
    check("photo", width, scheme);
  }

  private void check(String view, int width, String scheme) throws Exception {
    Thread.sleep(400); // pictures
    browser.screenshot("%s-%d-%s".formatted(view, width, scheme));
    assertThat(browser.barriers()).as(view).isEmpty();
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "photo " + i + ".png").toList();
  }

  private static List<byte[]> scenes(int count) {
    return Stream.iterate(0, i -> i + 1)
        .limit(count)
        .map(i -> Scenes.encode(Scenes.draw(Scenes.CLASSES.get(i % 10), 240), "png"))
        .toList();
  }

  /** A scene, each time another content. */
  private static byte[] noise(int seed, String scene) {
    BufferedImage image = Scenes.draw(scene, 64);
    image.setRGB(0, 0, seed);
    return Scenes.encode(image, "png");
  }

  /** Nothing that any model can be sure about. */
  private static byte[] noise(int seed) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64; i++) {
      image.setRGB(i % 8, i / 8, random.nextInt());
    }
    return Scenes.encode(image, "png");
  }
}
