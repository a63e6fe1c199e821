package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import tools.jackson.databind.JsonNode;

/** Whatever is dropped ends in a result, and never costs its neighbours theirs. */
@ExtendWith(RunningProduct.Shared.class)
class OddImagesIT {
  private static final Path SAMPLES = Path.of("../../image/src/test/resources/images");

  private final RunningProduct product;

  OddImagesIT(RunningProduct product) {
    this.product = product;
  }

  static Stream<String> oddKeys() {
    return Stream.of(
        "with space.jpg",
        "a+b.jpg",
        "100%.jpg",
        "%41%20%2B.jpg",
        "ünïcödé/日本語 😀.jpg",
        "x".repeat(1020) + ".jpg",
        "é".repeat(510) + ".jpg",
        "/leading//double.jpg",
        "../up/./here.jpg",
        "quote\"'<>&;=?#[]{}|^`~.jpg",
        "back\\slash.jpg",
        "labels/own.json");
  }

  @ParameterizedTest
  @MethodSource("oddKeys")
  void labelsAnImageUnderAnyKey(String key) throws Exception {
    product.upload(key, Scenes.jpeg("dog"));
    JsonNode result = product.awaitResult(key);
    assertThat(result.path("label").asString()).isIn(Scenes.CLASSES);
    assertThat(result.path("key").asString()).isEqualTo(key);
    assertThat(product.tags(key)).containsEntry("label", result.path("label").asString());
  }

  /** Each goes another way through the decoders, and WebP and TIFF through java.desktop. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "animated.gif",
        "bit24.bmp",
        "bit1.tif",
        "big-tiles.tif",
        "jpeg-tiles.tif",
        "cmyk-adobe.jpg",
        "lossless-alpha.webp",
        "lossy.webp"
      })
  void labelsEveryFormat(String file) throws Exception {
    product.upload("formats/" + file, Files.readAllBytes(SAMPLES.resolve(file)));
    JsonNode result = product.awaitResult("formats/" + file);
    assertThat(result.path("label").asString()).as("%s", result).isIn(Scenes.CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hevc.heic", "av1.avif"})
  void labelsHeifOrSaysThatLibheifIsMissing(String file) throws Exception {
    product.upload("formats/" + file, Files.readAllBytes(SAMPLES.resolve(file)));
    JsonNode result = product.awaitResult("formats/" + file);
    if (result.has("error")) {
      assertThat(result.path("error").path("message").asString()).contains("libheif");
    } else {
      assertThat(result.path("label").asString()).as("%s", result).isIn(Scenes.CLASSES);
    }
  }

  @Test
  void labelsAnImageThatIsStoredAsGzip() throws Exception {
    byte[] plain = Scenes.jpeg("dog");
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(plain);
    }
    product
        .s3()
        .putObject(
            put -> put.bucket("images").key("zipped/dog.jpg").contentEncoding("gzip"),
            RequestBody.fromBytes(zipped.toByteArray()));
    product.upload("zipped/plain.jpg", plain);
    assertThat(product.awaitResult("zipped/dog.jpg").path("confidence").asString())
        .isEqualTo(product.awaitResult("zipped/plain.jpg").path("confidence").asString());
  }

  /** All are there before the function sees the first, so that they come in one batch. */
  @Test
  void givesEachFileOfABatchItsResultOrItsError() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("batch/first.jpg", Scenes.jpeg("cat"));
    files.put("batch/empty.jpg", new byte[0]);
    files.put("batch/text.jpg", "this is not an image, whatever its name says".getBytes(UTF_8));
    byte[] jpeg = Scenes.encode(Scenes.draw("cat", 256), "jpeg");
    files.put("batch/truncated.jpg", Arrays.copyOf(jpeg, jpeg.length / 4));
    files.put("batch/bomb.png", pngThatClaims(60_000, 60_000));
    files.put("batch/last.png", Scenes.png("deer"));

    ProcessHandle label = RunningProduct.running(product.product().label());
    product.whileLabelStandsStill(
        () -> {
          product.upload("batch/plug.jpg", Scenes.jpeg("ship"));
          files.forEach(product::upload);
          product.upload("batch/overwritten.jpg", Scenes.jpeg("cat"));
          product.upload("batch/overwritten.jpg", "now text".getBytes(UTF_8));
          product.upload("batch/deleted.jpg", Scenes.jpeg("cat"));
          product.s3().deleteObject(delete -> delete.bucket("images").key("batch/deleted.jpg"));
        });

    for (String key : List.of("batch/plug.jpg", "batch/first.jpg", "batch/last.png")) {
      assertThat(product.awaitResult(key).path("label").asString()).as(key).isIn(Scenes.CLASSES);
    }
    assertError("batch/empty.jpg", "empty");
    assertError("batch/text.jpg", "not-an-image");
    assertError("batch/truncated.jpg", "corrupt");
    assertError("batch/bomb.png", "too-many-pixels");
    assertError("batch/overwritten.jpg", "not-an-image");
    RunningProduct.await(
        () -> product.get("/images/batch%2Fdeleted.jpg").body().contains("\"gone\""));
    assertThat(product.product().label().process()).contains(label);
    // a result is there before its message is done with
    RunningProduct.await(() -> product.product().waiting() == 0);
  }

  private void assertError(String key, String code) throws Exception {
    JsonNode result = product.awaitResult(key);
    assertThat(result.path("error").path("code").asString()).as(key).isEqualTo(code);
    assertThat(result.path("error").path("message").asString()).as(key).isNotEmpty();
    assertThat(result.has("label")).isFalse();
  }

  @Test
  void followsAnImageThatIsReplaced() throws Exception {
    product.upload("replaced.jpg", "text".getBytes(UTF_8));
    assertError("replaced.jpg", "not-an-image");
    product.upload("replaced.jpg", Scenes.jpeg("truck"));
    JsonNode labeled = product.awaitResult("replaced.jpg");
    String label = labeled.path("label").asString();
    assertThat(label).isIn(Scenes.CLASSES);
    product.upload("replaced.jpg", new byte[0]);
    assertError("replaced.jpg", "empty");
    RunningProduct.await(() -> !product.exists("results", "by-label/" + label + "/replaced.jpg"));
  }

  /** The object is listed but its bytes cannot be read for a while, as when a disk fails. */
  @Test
  void deliversAgainExactlyTheItemThatFailedForAMoment() throws Exception {
    Path aside = product.product().data().resolve("aside");
    List<String> keys = List.of("moment/a.jpg", "moment/lost.jpg", "moment/b.jpg");
    product.whileLabelStandsStill(
        () -> {
          product.upload("moment/plug.jpg", Scenes.jpeg("ship"));
          keys.forEach(key -> product.upload(key, Scenes.jpeg("bird")));
          move(bytesOf("moment/lost.jpg"), aside);
        });
    product.awaitResult("moment/a.jpg");
    product.awaitResult("moment/b.jpg");
    RunningProduct.await(() -> product.product().waiting() == 1);
    assertThat(product.get("/images/moment%2Flost.jpg").statusCode()).isEqualTo(404);
    move(aside, bytesOf("moment/lost.jpg"));
    assertThat(product.awaitResult("moment/lost.jpg").path("label").asString())
        .isIn(Scenes.CLASSES);
    RunningProduct.await(() -> product.product().waiting() == 0);
  }

  private Path bytesOf(String key) {
    Path bucket = product.product().data().resolve("s3/images");
    try (Stream<Path> objects = Files.list(bucket)) {
      return objects
          .filter(object -> isOf(key, object.resolve("objectMetadata.json")))
          .findAny()
          .orElseThrow()
          .resolve("binaryData");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOf(String key, Path metadata) {
    return Files.exists(metadata)
        && RunningProduct.JSON.readTree(metadata).path("key").asString().equals(key);
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] pngThatClaims(int width, int height) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(0x89504E470D0A1A0AL);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, 2, 0, 0, 0});
    chunk(out, "IHDR", header.toByteArray());
    chunk(out, "IDAT", deflated(new byte[1000]));
    chunk(out, "IEND", new byte[0]);
    return bytes.toByteArray();
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater();
    deflater.setInput(bytes);
    deflater.finish();
    byte[] buffer = new byte[bytes.length + 100];
    int length = deflater.deflate(buffer);
    deflater.end();
    return Arrays.copyOf(buffer, length);
  }

  private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    out.writeInt(data.length);
    CRC32 crc = new CRC32();
    crc.update(type.getBytes(UTF_8));
    crc.update(data);
    out.write(type.getBytes(UTF_8));
    out.write(data);
    out.writeInt((int) crc.getValue());
  }
}
