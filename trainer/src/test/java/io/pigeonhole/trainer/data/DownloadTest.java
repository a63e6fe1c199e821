package io.pigeonhole.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.pigeonhole.testkit.HttpStub;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {

  private static final int SIZE = 300_000;

  @TempDir Path cache;
  private final byte[] content = new byte[SIZE];
  private final List<Optional<String>> ranges = new ArrayList<>();
  @AutoClose private final HttpStub server = new HttpStub(this::serve);
  private boolean resumable = true;
  private int breaksOffAfter = Integer.MAX_VALUE;

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(content);
  }

  @Test
  void fetchesOnceAndKeepsIt() throws Exception {
    Path archive = download(SIZE).fetch((bytes, total) -> {});
    assertThat(archive).hasBinaryContent(content).hasFileName("data.tar.gz");
    download(SIZE).fetch((bytes, total) -> {});
    assertThat(ranges).hasSize(1);
  }

  @Test
  void tellsHowFarItIs() throws Exception {
    List<Long> received = new ArrayList<>();
    download(SIZE).fetch((bytes, total) -> received.add(bytes));
    assertThat(received).isSorted().endsWith((long) SIZE);
  }

  @Test
  void goesOnWhereAnEarlierDownloadBrokeOff() throws Exception {
    Files.write(cache.resolve("data.tar.gz.part"), Arrays.copyOf(content, 1000));
    assertThat(download(SIZE).fetch((bytes, total) -> {})).hasBinaryContent(content);
    assertThat(ranges).containsExactly(Optional.of("bytes=1000-"));
  }

  @Test
  void startsAgainIfTheServerCannotGoOn() throws Exception {
    resumable = false;
    Files.write(cache.resolve("data.tar.gz.part"), new byte[1000]);
    assertThat(download(SIZE).fetch((bytes, total) -> {})).hasBinaryContent(content);
  }

  @Test
  void goesOnByItselfAfterABreak() throws Exception {
    breaksOffAfter = 100_000;
    assertThat(download(SIZE).fetch((bytes, total) -> {})).hasBinaryContent(content);
    assertThat(ranges).hasSize(3);
  }

  @Test
  void isFetchedOnceByTwoAtATime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Callable<Path> fetching = () -> download(SIZE).fetch((bytes, total) -> {});
      for (Future<Path> fetched : threads.invokeAll(List.of(fetching, fetching))) {
        assertThat(fetched.get()).hasBinaryContent(content);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(ranges).hasSize(1);
  }

  @Test
  void fetchesAgainWhatIsDamagedInTheCache() throws Exception {
    Files.write(cache.resolve("data.tar.gz"), new byte[SIZE]);
    assertThat(download(SIZE).fetch((bytes, total) -> {})).hasBinaryContent(content);
  }

  @Test
  void refusesAnotherContentAndForgetsIt() {
    content[0]++;
    Download other = download("data.tar.gz", SIZE, Optional.of(Checksum.md5("0".repeat(32))));
    assertThatThrownBy(() -> other.fetch((bytes, total) -> {}))
        .isInstanceOf(InvalidDataException.class)
        .message()
        .contains("MD5", "expected " + "0".repeat(32));
    assertThat(cache.resolve("data.tar.gz.part")).doesNotExist();
    assertThat(cache.resolve("data.tar.gz")).doesNotExist();
  }

  @Test
  void looksAtTheSizeAloneWithoutAChecksum() throws Exception {
    Download unchecked = download("data.tar.gz", SIZE, Optional.empty());
    Files.write(cache.resolve("data.tar.gz"), new byte[SIZE - 1]);
    assertThat(unchecked.fetch((bytes, total) -> {})).hasBinaryContent(content);
    unchecked.fetch((bytes, total) -> {});
    assertThat(ranges).hasSize(1);
  }

  @Test
  void knowsOtherAlgorithmsThanMd5() throws Exception {
    String sha256 = HexFormat.of().formatHex(Digests.sha256().digest(content));
    Optional<Checksum> right = Optional.of(new Checksum("SHA-256", sha256));
    assertThat(download("data.tar.gz", SIZE, right).fetch((bytes, total) -> {}))
        .hasBinaryContent(content);
    Optional<Checksum> wrong = Optional.of(new Checksum("SHA-256", "0".repeat(64)));
    assertThatThrownBy(() -> download("data.tar.gz", SIZE, wrong).fetch((bytes, total) -> {}))
        .isInstanceOf(InvalidDataException.class)
        .message()
        .contains("has the SHA-256 " + sha256);
  }

  @Test
  void refusesAnotherLength() {
    assertThatThrownBy(() -> download(SIZE + 1).fetch((bytes, total) -> {}))
        .isInstanceOf(InvalidDataException.class)
        .message()
        .contains("has 300000 bytes; expected 300001");
  }

  @Test
  void saysWhichAddressDoesNotAnswerAsItShould() {
    Download missing = download("absent.tar.gz", SIZE, Optional.of(md5()));
    assertThatThrownBy(() -> missing.fetch((bytes, total) -> {}))
        .isInstanceOf(IOException.class)
        .message()
        .contains("absent.tar.gz", "HTTP status 404; bring it along instead");
  }

  private Download download(long size) {
    return download("data.tar.gz", size, Optional.of(md5()));
  }

  private Download download(String file, long size, Optional<Checksum> checksum) {
    return new Download(address(file), size, checksum, cache, "bring it along");
  }

  private URI address(String file) {
    return server.uri().resolve("/" + file);
  }

  private Checksum md5() {
    try {
      return Checksum.md5(
          HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/data.tar.gz")) {
      HttpStub.send(exchange, 404, new byte[0]);
      return;
    }
    Optional<String> range = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"));
    ranges.add(range);
    int from = resumable ? range.map(r -> Integer.parseInt(r.replaceAll("\\D", ""))).orElse(0) : 0;
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, SIZE - from);
    exchange.getResponseBody().write(content, from, Math.min(SIZE - from, breaksOffAfter));
  }
}
