package io.pigeonhole.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real, headless Chromium with the page in it. */
final class Browser implements AutoCloseable {
  private static final List<String> QUIET =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage");

  private final ChromeDriver driver;
  private final URI page;

  /** Opens the page. */
  Browser(URI page, Path downloads) {
    this.page = page;
    ChromeOptions options = new ChromeOptions();
    options.setBinary(System.getProperty("browser.binary"));
    options.addArguments(QUIET);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of(System.getProperty("browser.driver")).toFile())
                .build(),
            options);
    driver.executeCdpCommand(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", downloads.toString()));
    size(1440, 900);
    open("#/");
  }

  void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** Light or dark, as a person's settings have it. */
  void scheme(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Shows a view, and waits until it is there. */
  void open(String hash) {
    driver.get("about:blank");
    driver.get(page.resolve("/" + hash).toString());
    find(".view h1");
  }

  void reload() {
    driver.navigate().refresh();
    find(".view h1");
  }

  /** Cuts the line to everything, or restores it. */
  void offline(boolean off) {
    driver.executeCdpCommand("Network.enable", Map.of());
    driver.executeCdpCommand(
        "Network.emulateNetworkConditions",
        Map.of("offline", off, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  /** Cuts the line to what matches these patterns, and to nothing else. */
  void block(String... patterns) {
    driver.executeCdpCommand("Network.enable", Map.of());
    driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of(patterns)));
  }

  /** Looks into the tab that has just been opened, and closes it. */
  void inNewTab(Runnable look) {
    String here = driver.getWindowHandle();
    await(Duration.ofSeconds(15)).until(d -> d.getWindowHandles().size() == 2);
    driver.getWindowHandles().stream()
        .filter(tab -> !tab.equals(here))
        .forEach(tab -> driver.switchTo().window(tab));
    look.run();
    driver.close();
    driver.switchTo().window(here);
  }

  /** Drops files, as a person does with the mouse. */
  void drop(List<String> names, List<byte[]> files) {
    List<String> encoded = files.stream().map(Base64.getEncoder()::encodeToString).toList();
    driver.executeScript(
        """
        const data = new DataTransfer();
        arguments[0].forEach((name, i) => {
          const bytes = Uint8Array.from(atob(arguments[1][i]), (c) => c.charCodeAt(0));
          data.items.add(new File([bytes], name, { type: 'image/png' }));
        });
        document.body.dispatchEvent(
          new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        """,
        names,
        encoded);
  }

  WebElement find(String css) {
    return await(Duration.ofSeconds(15)).until(d -> d.findElement(By.cssSelector(css)));
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** Waits until there are as many elements. */
  void count(String css, int expected, Duration patience) {
    await(patience)
        .withMessage(() -> expected + " " + css + ", but there are " + all(css).size())
        .until(d -> all(css).size() == expected);
  }

  void awaitText(String css, String text) {
    await(Duration.ofSeconds(15))
        .withMessage(() -> css + " says " + find(css).getText() + ", not " + text)
        .until(d -> find(css).getText().contains(text));
  }

  /** Presses keys wherever the focus is. */
  void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  void press(Keys key) {
    press((CharSequence) key);
  }

  Object run(String script) {
    return driver.executeScript(script);
  }

  private WebDriverWait await(Duration patience) {
    WebDriverWait wait = new WebDriverWait(driver, patience, Duration.ofMillis(50));
    wait.ignoring(StaleElementReferenceException.class);
    wait.ignoring(NoSuchElementException.class);
    return wait;
  }

  /** What the console complains of, but for images that have no result yet. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !message.contains("404"))
        .toList();
  }

  /** What axe finds to be in the way of some people; empty is good. */
  @SuppressWarnings("unchecked")
  List<String> barriers() throws IOException {
    try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
      driver.executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object found =
        driver.executeAsyncScript(
            """
            const done = arguments[0];
            axe.run().then(({ violations }) => done(violations.map(({ id, nodes }) =>
              id + ': ' + nodes.map(({ html }) => html.slice(0, 150)).join(' '))));
            """);
    List<String> barriers = new ArrayList<>((List<String>) found);
    if (driver.executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            instanceof Long wider
        && wider > 0) {
      barriers.add("the page is " + wider + " pixels wider than the screen");
    }
    return barriers;
  }

  void screenshot(String name) throws IOException {
    Path folder = Path.of(System.getProperty("browser.screenshots"));
    Files.createDirectories(folder);
    Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /** A picture of what is seen, as WebP. */
  byte[] picture() {
    driver.executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
    Object data =
        driver
            .executeCdpCommand("Page.captureScreenshot", Map.of("format", "webp", "quality", 80))
            .get("data");
    return Base64.getDecoder().decode(String.valueOf(data));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
