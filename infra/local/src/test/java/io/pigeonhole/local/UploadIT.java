package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import tools.jackson.databind.JsonNode;

/** An image dropped into the bucket gets its label, whichever client dropped it. */
@ExtendWith(RunningProduct.Shared.class)
class UploadIT {
  /** The AWS CLI's default threshold and part size. */
  private static final int PART_BYTES = 8 * 1024 * 1024;

  private final RunningProduct product;

  UploadIT(RunningProduct product) {
    this.product = product;
  }

  static Stream<String> classes() {
    return Scenes.CLASSES.stream();
  }

  @Test
  void labelsTenImagesFromTheSdk() throws Exception {
    for (String name : Scenes.CLASSES) {
      product.upload("sdk/" + name + ".jpg", Scenes.jpeg(name));
    }
    for (String name : Scenes.CLASSES) {
      assertLabeled("sdk/" + name + ".jpg");
    }
  }

  @Test
  void labelsTenImagesFromPlainPuts() throws Exception {
    for (String name : Scenes.CLASSES) {
      assertThat(product.put("/images/plain/" + name + ".png", Scenes.png(name))).isEqualTo(200);
    }
    for (String name : Scenes.CLASSES) {
      assertLabeled("plain/" + name + ".png");
    }
  }

  @ParameterizedTest
  @MethodSource("classes")
  void labelsAnImageThatCameInParts(String name) throws Exception {
    byte[] image = Scenes.largeBmp(name);
    assertThat(image).hasSizeGreaterThan(PART_BYTES);
    String key = "parts/" + name + ".bmp";
    uploadInParts(key, image);
    assertLabeled(key);
  }

  private void uploadInParts(String key, byte[] image) {
    String id =
        product.s3().createMultipartUpload(create -> create.bucket("images").key(key)).uploadId();
    List<CompletedPart> parts = new ArrayList<>();
    for (int from = 0; from < image.length; from += PART_BYTES) {
      int number = parts.size() + 1;
      byte[] part = Arrays.copyOfRange(image, from, Math.min(image.length, from + PART_BYTES));
      String etag =
          product
              .s3()
              .uploadPart(
                  upload -> upload.bucket("images").key(key).uploadId(id).partNumber(number),
                  RequestBody.fromBytes(part))
              .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
    }
    product
        .s3()
        .completeMultipartUpload(
            complete ->
                complete
                    .bucket("images")
                    .key(key)
                    .uploadId(id)
                    .multipartUpload(upload -> upload.parts(parts)));
  }

  @Test
  void labelsACopy() throws Exception {
    product.upload("original.gif", Scenes.gif("frog"));
    product
        .s3()
        .copyObject(
            copy ->
                copy.sourceBucket("images")
                    .sourceKey("original.gif")
                    .destinationBucket("images")
                    .destinationKey("copy.gif"));
    assertLabeled("copy.gif");
  }

  @Test
  void keepsTheTagsThatTheImageHas() throws Exception {
    product
        .s3()
        .putObject(
            put -> put.bucket("images").key("tagged.jpg").tagging("album=summer"),
            RequestBody.fromBytes(Scenes.jpeg("ship")));
    assertLabeled("tagged.jpg");
    assertThat(product.tags("tagged.jpg")).containsEntry("album", "summer");
  }

  @Test
  void answersWithTheSameLabelForTheSameImage() throws Exception {
    byte[] image = Scenes.jpeg("horse");
    product.upload("same.jpg", image);
    JsonNode result = product.awaitResult("same.jpg");
    JsonNode answer = product.classify(image);
    assertThat(answer.path("label")).isEqualTo(result.path("label"));
    assertThat(answer.path("predictions")).hasSize(5);
  }

  /** With its result, its tags and its place in the index, as the API sees it too. */
  private void assertLabeled(String key) throws Exception {
    JsonNode result = product.awaitResult(key);
    String label = result.path("label").asString();
    double confidence = result.path("confidence").asDouble();
    assertThat(label).isIn(Scenes.CLASSES);
    assertThat(confidence).isBetween(0.1, 1.0);
    assertThat(result.path("key").asString()).isEqualTo(key);
    assertThat(result.path("predictions")).hasSize(5);
    assertThat(product.exists("results", "labels/" + key + ".json")).isTrue();
    RunningProduct.await(() -> product.exists("results", "by-label/" + label + "/" + key));

    Map<String, String> tags = product.tags(key);
    assertThat(tags).containsEntry("label", label);
    assertThat(tags).containsEntry("confidence", String.format(Locale.ROOT, "%.2f", confidence));
    assertThat(tags.get("model")).contains(result.path("model").path("version").asString());

    JsonNode direct = product.classifyStored(key);
    assertThat(direct.path("label").asString()).isEqualTo(label);
    assertThat(direct.path("confidence").asDouble()).isCloseTo(confidence, within(1e-4));
  }
}
