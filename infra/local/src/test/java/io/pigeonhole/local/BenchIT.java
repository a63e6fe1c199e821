package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.s3.S3Clients;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * How long from upload to tag, and how much memory: run with {@code -Pbench}. The program runs as
 * Maven starts it.
 */
@Tag("bench")
class BenchIT {
  private static final int UPLOADS = 200;
  private static final Pattern S3_ADDRESS = Pattern.compile("S3 server at (\\S+),.*");

  @TempDir Path data;

  @Test
  void measuresTheTimeFromUploadToTagAndTheMemory() throws Exception {
    long start = System.nanoTime();
    Process product = ProductProcess.start(List.of(), "-Dlocal.data=" + data);
    try {
      List<String> said = ProductProcess.awaitReady(product);
      report("start, until the model answers: %.1f s", (System.nanoTime() - start) / 1e9);
      try (S3Client s3 = S3Clients.at(s3Address(said))) {
        oneByOne(s3);
        allAtOnce(s3);
      }
      memory(product.toHandle());
    } finally {
      product.destroy();
      product.waitFor();
    }
  }

  private static URI s3Address(List<String> said) {
    return said.stream()
        .map(S3_ADDRESS::matcher)
        .filter(Matcher::matches)
        .map(line -> URI.create(line.group(1)))
        .findFirst()
        .orElseThrow();
  }

  private static void oneByOne(S3Client s3) throws InterruptedException {
    double[] millis = new double[UPLOADS];
    for (int i = 0; i < UPLOADS; i++) {
      String key = "one/" + i + ".jpg";
      long start = System.nanoTime();
      upload(s3, key, i);
      awaitTag(s3, key);
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    report(
        "upload to tag, %d one by one: first decile %.0f ms, median %.0f ms, p95 %.0f ms, slowest %.0f ms",
        UPLOADS,
        millis[UPLOADS / 10],
        millis[UPLOADS / 2],
        millis[UPLOADS * 95 / 100],
        millis[UPLOADS - 1]);
  }

  private static void allAtOnce(S3Client s3) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < UPLOADS; i++) {
      upload(s3, "all/" + i + ".jpg", i);
    }
    for (int i = 0; i < UPLOADS; i++) {
      awaitTag(s3, "all/" + i + ".jpg");
    }
    report(
        "%d at once: %.1f images/s, uploading included",
        UPLOADS, UPLOADS / ((System.nanoTime() - start) / 1e9));
  }

  private static void upload(S3Client s3, String key, int i) {
    byte[] image = Scenes.jpeg(Scenes.CLASSES.get(i % Scenes.CLASSES.size()));
    s3.putObject(put -> put.bucket("images").key(key), RequestBody.fromBytes(image));
  }

  private static void awaitTag(S3Client s3, String key) throws InterruptedException {
    for (int i = 0; i < 20_000; i++) {
      if (!s3.getObjectTagging(get -> get.bucket("images").key(key)).tagSet().isEmpty()) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(3);
    }
    throw new AssertionError("no tag on " + key);
  }

  private static void memory(ProcessHandle product) throws IOException {
    List<ProcessHandle> processes =
        Stream.concat(Stream.of(product), product.children())
            .filter(process -> process.info().command().orElse("").endsWith("java"))
            .toList();
    assertThat(processes).hasSize(3);
    for (ProcessHandle process : processes) {
      report("%s: %d MB resident", name(process, product), residentMegabytes(process));
    }
  }

  private static String name(ProcessHandle process, ProcessHandle product) throws IOException {
    if (process.equals(product)) {
      return "S3 server, queue and gateway";
    }
    String environment =
        Files.readString(Path.of("/proc", String.valueOf(process.pid()), "environ"));
    return environment.contains("QUARKUS_LAMBDA_HANDLER=label") ? "label" : "classify";
  }

  private static long residentMegabytes(ProcessHandle process) throws IOException {
    List<String> command = new ArrayList<>(List.of("ps", "-o", "rss=", "-p"));
    command.add(String.valueOf(process.pid()));
    Process ps = new ProcessBuilder(command).start();
    return Long.parseLong(
            new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
        / 1024;
  }

  private static void report(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
