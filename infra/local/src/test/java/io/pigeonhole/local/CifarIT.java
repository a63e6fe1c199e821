package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import tools.jackson.databind.JsonNode;

/**
 * The functions' answers are the trainer's: the test images of CIFAR-10 through {@code POST
 * /classify} are right as often as the manifest says. Run with {@code -Pcifar -Dcifar.data=FOLDER},
 * where {@code FOLDER/jpeg/test/<class>/*.jpg} are the images, 1,000 or more.
 */
@Tag("cifar")
@ExtendWith(RunningProduct.Shared.class)
class CifarIT {
  private static final int AT_LEAST = 1000;
  private static final int SIGMAS = 3;

  private record Sample(String label, Path file) {}

  @Test
  void isAsAccurateAsTheManifestSays(RunningProduct product) throws Exception {
    double promised = promisedAccuracy(product);
    List<Sample> samples = samples();
    assertThat(samples).hasSizeGreaterThanOrEqualTo(AT_LEAST);
    int right = 0;
    for (Sample sample : samples) {
      JsonNode answer = product.classify(Files.readAllBytes(sample.file()));
      right += answer.path("label").asString().equals(sample.label()) ? 1 : 0;
    }
    double measured = (double) right / samples.size();
    double deviation = Math.sqrt(promised * (1 - promised) / samples.size());
    System.out.printf(
        Locale.ROOT,
        "POST /classify: %d of %d right, %.2f %%; the manifest says %.2f %%; %d sigma are %.1f points%n",
        right,
        samples.size(),
        100 * measured,
        100 * promised,
        SIGMAS,
        100 * SIGMAS * deviation);
    assertThat(Math.abs(measured - promised)).isLessThanOrEqualTo(SIGMAS * deviation);
  }

  private static double promisedAccuracy(RunningProduct product) throws IOException {
    GetObjectRequest pointer =
        GetObjectRequest.builder().bucket("models").key("models/cifar10/current.json").build();
    return RunningProduct.JSON
        .readTree(product.s3().getObjectAsBytes(pointer).asByteArray())
        .at("/metrics/accuracy")
        .asDouble();
  }

  private static List<Sample> samples() throws IOException {
    Path test = Path.of(System.getProperty("cifar.data")).resolve("jpeg/test");
    List<Sample> samples = new ArrayList<>();
    for (String name : Scenes.CLASSES) {
      files(test.resolve(name)).forEach(file -> samples.add(new Sample(name, file)));
    }
    return samples;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jpg")).sorted().toList();
    }
  }
}
