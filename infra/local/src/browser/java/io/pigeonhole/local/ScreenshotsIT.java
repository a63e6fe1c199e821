package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the pictures of the page that the READMEs show, of a fresh product that serves a model of
 * drawn pictures, and sorts other such pictures: run with {@code -Pbrowser
 * -Dit.groups=screenshots}.
 */
@Tag("screenshots")
class ScreenshotsIT {
  private static final Path PICTURES =
      Path.of(System.getProperty("basedir"), "..", "..", "functions", "screenshots");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int SHOWN = 9;
  private static final int EACH = 12;
  private static final int LEARNED = 40;
  private static final int SIDE = 256;

  @TempDir private Path folder;
  private final Random random = new Random(11);

  @Test
  void takesThePicturesOfTheReadmes() throws Exception {
    learn();
    Settings settings =
        RunningProduct.settings(
            folder.resolve("data"),
            Map.of("local.model", "drawings", "local.models", folder.resolve("models").toString()));
    try (RunningProduct product = new RunningProduct(settings);
        Browser browser = new Browser(product.product().api(), folder)) {
      for (int i = 1; i < EACH; i++) {
        for (String name : Scenes.CLASSES) {
          product.upload("more/%s %d.jpg".formatted(name, i), draw(name));
        }
      }
      RunningProduct.await(() -> product.product().waiting() == 0);
      List<String> names = Scenes.CLASSES.subList(0, SHOWN);
      browser.open("");
      browser.drop(
          names.stream().map(name -> name + ".jpg").toList(),
          names.stream().map(this::draw).toList());
      browser.count(".card[data-state=done]", SHOWN, MINUTE);
      take(browser, "sort", 1440, 1060, "light");
      take(browser, "sort", 380, 820, "dark");
      browser.open("#/pigeonholes");
      browser.count(".inside img", 3 * Scenes.CLASSES.size(), MINUTE);
      take(browser, "pigeonholes", 1440, 560, "dark");
      browser.open("#/review");
      take(browser, "review", 380, 820, "light");
    }
  }

  private byte[] draw(String name) {
    return draw(name, 1.2); // odder than what was learned
  }

  private byte[] draw(String name, double turn) {
    return Scenes.encode(Scenes.drawAnew(name, SIDE, turn, random), "jpeg");
  }

  /** Trains a model of the drawn classes. */
  private void learn() throws Exception {
    Path drawings = folder.resolve("drawings");
    for (String name : Scenes.CLASSES) {
      Path all = Files.createDirectories(drawings.resolve(name));
      for (int i = 0; i < LEARNED; i++) {
        Files.write(all.resolve(i + ".jpg"), draw(name, 0.3));
      }
    }
    List<String> arguments = new ArrayList<>(List.of("train", "--recipe", "tutorial"));
    arguments.addAll(List.of("--epochs", "8", "--name", "drawings", "--out"));
    arguments.add(folder.resolve("models").toString());
    arguments.addAll(List.of("--data", drawings.toString(), "--cache", folder.toString()));
    try (TrainerProcess trainer = new TrainerProcess(URI.create("http://localhost"), arguments)) {
      assertThat(trainer.exitCode()).as(trainer.said()).isZero();
      System.out.println(trainer.said());
    }
  }

  private static void take(Browser browser, String view, int width, int height, String scheme)
      throws Exception {
    browser.size(width, height);
    browser.scheme(scheme);
    browser.run("window.scrollTo(0, 0)");
    RunningProduct.await(
        () ->
            Boolean.TRUE.equals(browser.run("return [...document.images].every(i => i.complete)")));
    Thread.sleep(1000); // the count of the reviews
    Path file = PICTURES.resolve("%s-%d-%s.webp".formatted(view, width, scheme));
    Files.write(file, browser.picture());
    assertThat(file).isNotEmptyFile();
  }
}
