package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the pictures of the page that the READMEs show, of a fresh product and the first test
 * images of each class of CIFAR-10: run with {@code -Pbrowser -Dit.groups=screenshots
 * -Dcifar.data=FOLDER}, a folder that has {@code jpeg/test/<class>/<name>.jpg}.
 */
@Tag("screenshots")
class ScreenshotsIT {
  private static final Path PICTURES =
      Path.of(System.getProperty("basedir"), "..", "..", "functions", "screenshots");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int SHOWN = 9;
  private static final int EACH = 12;

  @TempDir private Path folder;

  @Test
  void takesThePicturesOfTheReadmes() throws Exception {
    try (RunningProduct product = new RunningProduct(folder.resolve("data"));
        Browser browser = new Browser(product.product().api(), folder)) {
      for (int i = 1; i < EACH; i++) {
        for (Path image : images(i)) {
          product.upload("more/" + name(image), Files.readAllBytes(image));
        }
      }
      RunningProduct.await(() -> product.product().waiting() == 0);
      List<Path> first = images(0).subList(0, SHOWN);
      List<byte[]> files = new ArrayList<>();
      for (Path image : first) {
        files.add(Files.readAllBytes(image));
      }
      browser.drop(first.stream().map(ScreenshotsIT::name).toList(), files);
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

  /** One of each class. */
  private static List<Path> images(int which) throws IOException {
    Path test = Path.of(System.getProperty("cifar.data")).resolve("jpeg/test");
    List<Path> images = new ArrayList<>();
    for (String label : Scenes.CLASSES) {
      try (Stream<Path> files = Files.list(test.resolve(label))) {
        images.add(files.sorted().toList().get(which));
      }
    }
    return images;
  }

  private static String name(Path image) {
    return "%s %s".formatted(image.getParent().getFileName(), image.getFileName());
  }
}
