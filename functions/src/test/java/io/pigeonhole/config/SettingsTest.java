package io.pigeonhole.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.api.Level;
import io.pigeonhole.image.ImageLimits;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void readsWhatIsSet() {
    Settings settings =
        settings(
            Map.of(
                "pigeonhole.models.bucket", "models",
                "pigeonhole.model.name", " cifar10 ",
                "pigeonhole.model.refresh", "PT2S",
                "pigeonhole.image.max-bytes", "1000",
                "pigeonhole.image.max-pixels", "2000"));
    assertThat(settings.modelsBucket()).isEqualTo("models");
    assertThat(settings.modelName()).isEqualTo("cifar10");
    assertThat(settings.modelRefresh()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.imageLimits()).isEqualTo(new ImageLimits(1000, 2000));
  }

  @Test
  void hasDefaultsForRefreshAndLimits() {
    Settings settings = settings(Map.of());
    assertThat(settings.modelRefresh()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.imageLimits()).isEqualTo(ImageLimits.DEFAULT);
  }

  @Test
  void computesInBfloat16UnlessItIsToldNotTo() {
    String name = "pigeonhole.model.bfloat16";
    assertThat(settings(Map.of()).modelBfloat16()).isTrue();
    assertThat(settings(Map.of(name, "false")).modelBfloat16()).isFalse();
    assertThatThrownBy(() -> settings(Map.of(name, "no")).modelBfloat16())
        .hasMessageContaining("PIGEONHOLE_MODEL_BFLOAT16) must be true or false");
  }

  @Test
  void opensNothingUnlessItIsTold() {
    assertThat(settings(Map.of()).anonymous()).isEqualTo(Level.NONE);
    String name = "pigeonhole.api.anonymous";
    assertThat(settings(Map.of(name, "read")).anonymous()).isEqualTo(Level.READ);
    assertThatThrownBy(() -> settings(Map.of(name, "everything")).anonymous())
        .hasMessageContaining("PIGEONHOLE_API_ANONYMOUS")
        .hasMessageContaining("none, read, write or admin");
  }

  @Test
  void takesAScopeOrAGroupForEachLevel() {
    for (String name : List.of("pigeonhole.api.scopes", "pigeonhole.api.groups")) {
      for (String right : List.of("", "r,w,a", ",w,a", "p/read,p/write,p/admin")) {
        assertThat(settings(Map.of(name, right)).access()).isNotNull();
      }
      for (String wrong : List.of("r", "r,w", "r,w,a,x", "r,,a", "r,w,", "r, w, a")) {
        assertThatThrownBy(() -> settings(Map.of(name, wrong)).access())
            .hasMessageContaining(name)
            .hasMessageContaining(wrong);
      }
    }
  }

  @Test
  void knowsWhereToSignIn() {
    String issuer = "pigeonhole.sign-in.issuer";
    String client = "pigeonhole.sign-in.client";
    String tokens = "pigeonhole.sign-in.token-origin";
    String there = "https://a.example.com/pool";
    assertThat(settings(Map.of()).signIn().origins()).isEmpty();
    assertThat(settings(Map.of(issuer, there, client, "page")).signIn().origins())
        .containsExactly("https://a.example.com");
    assertThat(
            settings(Map.of(issuer, there, client, "page", tokens, "https://b.example.com"))
                .signIn()
                .origins())
        .containsExactly("https://a.example.com", "https://b.example.com");
    assertThatThrownBy(() -> settings(Map.of(issuer, there)).signIn())
        .hasMessageContaining("PIGEONHOLE_SIGN_IN_CLIENT");
    assertThatThrownBy(
            () -> settings(Map.of(issuer, "https://a; script-src *", client, "page")).signIn())
        .hasMessageContaining("PIGEONHOLE_SIGN_IN_ISSUER");
    assertThatThrownBy(() -> settings(Map.of(issuer, there, client, "page", tokens, "*")).signIn())
        .hasMessageContaining("PIGEONHOLE_SIGN_IN_TOKEN_ORIGIN");
  }

  @Test
  void keepsMetricsApartByNamespace() {
    assertThat(settings(Map.of()).metricsNamespace()).isEqualTo("Pigeonhole");
    String name = "pigeonhole.metrics.namespace";
    assertThat(settings(Map.of(name, "Pigeonhole/photos-2")).metricsNamespace())
        .isEqualTo("Pigeonhole/photos-2");
    for (String wrong : List.of("AWS/Lambda", "photos 2", "x".repeat(256))) {
      assertThatThrownBy(() -> settings(Map.of(name, wrong)).metricsNamespace())
          .hasMessageContaining("PIGEONHOLE_METRICS_NAMESPACE")
          .hasMessageContaining(wrong);
    }
  }

  @Test
  void takesTheUrlOfAQueue() {
    String name = "pigeonhole.label.queue";
    String url = "https://sqs.eu-central-1.amazonaws.com/123456789012/pigeonhole-images";
    assertThat(settings(Map.of()).labelQueue()).isEmpty();
    assertThat(settings(Map.of(name, url)).labelQueue()).contains(url);
    assertThatThrownBy(() -> settings(Map.of(name, "pigeonhole-images")).labelQueue())
        .hasMessageContaining("PIGEONHOLE_LABEL_QUEUE")
        .hasMessageContaining("pigeonhole-images");
  }

  @Test
  void writesAllOfAnImageOrWhatIsAskedFor() {
    assertThat(settings(Map.of()).outputs()).isEqualTo(Outputs.ALL);
    assertThat(outputs("result, tags", "label"))
        .isEqualTo(new Outputs(true, Set.of(Outputs.LABEL), false));
    assertThat(outputs("tags", "label,model"))
        .isEqualTo(new Outputs(false, Set.of(Outputs.LABEL, Outputs.MODEL), false));
    assertThat(outputs("result,index", "label")).isEqualTo(new Outputs(true, Set.of(), true));
    assertThat(outputs("lines", "label")).isEqualTo(new Outputs(false, Set.of(), false, true));
  }

  @Test
  void refusesOutputsThatThereAreNotAndAnIndexWithoutResults() {
    assertThatThrownBy(() -> outputs("results", "label"))
        .hasMessageContaining("PIGEONHOLE_OUTPUTS")
        .hasMessageContaining("result,tags,index");
    assertThatThrownBy(() -> outputs("tags,index", "label"))
        .hasMessageContaining("PIGEONHOLE_OUTPUTS")
        .hasMessageContaining("must have result");
    assertThatThrownBy(() -> outputs("tags", "color"))
        .hasMessageContaining("PIGEONHOLE_TAGS")
        .hasMessageContaining("color");
  }

  private static Outputs outputs(String outputs, String tags) {
    return settings(Map.of("pigeonhole.outputs", outputs, "pigeonhole.tags", tags)).outputs();
  }

  @Test
  void letsAllRecipesOfTheTrainerBeTrained() throws IOException {
    Path recipes =
        Path.of(
            System.getProperty("basedir"), "..", "trainer", "src", "main", "resources", "recipes");
    try (Stream<Path> files = Files.list(recipes)) {
      assertThat(settings(Map.of()).trainRecipes())
          .containsExactlyInAnyOrderElementsOf(
              files.map(file -> file.getFileName().toString().replace(".yaml", "")).toList());
    }
  }

  @Test
  void knowsTheBasesThatAreSet() {
    assertThat(settings(Map.of()).trainBases())
        .containsExactlyInAnyOrder("mobilenet-v2", "efficientnet-v2-b0", "resnet-50");
    assertThat(settings(Map.of("pigeonhole.train.bases", "vgg-16, birds_1.0")).trainBases())
        .containsExactlyInAnyOrder("vgg-16", "birds_1.0");
  }

  @Test
  void namesTheSettingThatIsMissing() {
    assertThatThrownBy(() -> settings(Map.of()).resultsBucket())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("pigeonhole.results.bucket")
        .hasMessageContaining("PIGEONHOLE_RESULTS_BUCKET")
        .hasMessageContaining("is missing");
  }

  @Test
  void namesTheSettingThatIsMalformedAndWhatWasFound() {
    assertThatThrownBy(() -> settings(Map.of("pigeonhole.model.refresh", "soon")).modelRefresh())
        .hasMessageContaining("PIGEONHOLE_MODEL_REFRESH")
        .hasMessageContaining("'soon'");
    assertThatThrownBy(() -> settings(Map.of("pigeonhole.image.max-bytes", "0")).imageLimits())
        .hasMessageContaining("PIGEONHOLE_IMAGE_MAX_BYTES");
    assertThatThrownBy(() -> settings(Map.of("pigeonhole.train.bases", "vgg-16,")).trainBases())
        .hasMessageContaining("PIGEONHOLE_TRAIN_BASES")
        .hasMessageContaining("must be names of bases");
    assertThatThrownBy(
            () -> settings(Map.of("pigeonhole.images.prefix", "ä".repeat(257))).imagesPrefix())
        .hasMessageContaining("PIGEONHOLE_IMAGES_PREFIX) must have at most 512 bytes");
    assertThatThrownBy(() -> settings(Map.of("pigeonhole.images.bucket", "s3://x")).imagesBucket())
        .hasMessageContaining("'s3://x'");
  }

  private static Settings settings(Map<String, String> values) {
    SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder();
    values.forEach(builder::withDefaultValue);
    return new Settings(builder.build());
  }
}
