package io.pigeonhole.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassificationTest {
  @TempDir private Path folder;
  private Manifest manifest;

  @BeforeEach
  void write() throws Exception {
    manifest = Models.withNovelty(Models.write(folder, new byte[] {1}, Instant.EPOCH, 1));
  }

  @Test
  void hasTheLikeliestClassFirst() {
    Classification dog = of(Optional.of(0.5f), 0.2f, 0.8f);
    assertThat(dog.label()).isEqualTo("dog");
    assertThat(dog.confidence()).isEqualTo(0.8f);
    assertThat(dog.review()).isFalse();
    assertThat(dog.top(1).predictions()).containsExactly(new Prediction("dog", 0.8f));
  }

  @Test
  void trustsNoPredictionOfAnUnknownImageAsMuch() {
    Classification unknown = of(Optional.of(0.975f), 0.2f, 0.8f);
    assertThat(unknown.reason()).contains(ReviewReason.UNKNOWN);
    assertThat(unknown.novelty()).contains(0.975f);
    assertThat(unknown.label()).isEqualTo("dog");
    assertThat(unknown.confidence()).isEqualTo(0.4f, within(1e-5f));
    assertThat(unknown.predictions().get(1).confidence()).isEqualTo(0.1f, within(1e-5f));
  }

  @Test
  void knowsTheBestGuessEvenOfWhatIsMoreNovelThanAllKnown() {
    Classification unknown = of(Optional.of(1.0001f), 0.2f, 0.8f);
    assertThat(unknown.label()).isEqualTo("dog");
    assertThat(unknown.confidence()).isZero();
    assertThat(unknown.novelty()).contains(1f);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, -0.1f, 1.1f, Float.POSITIVE_INFINITY})
  void isNoneOfWhatIsNoProbabilityOrNoNovelty(float wrong) {
    assertThatIllegalStateException()
        .isThrownBy(() -> of(Optional.of(wrong), 0.2f, 0.8f))
        .withMessageContaining("no novelty");
    assertThatIllegalStateException()
        .isThrownBy(() -> of(Optional.of(0.975f), wrong, wrong))
        .withMessageContaining("no probability");
  }

  private Classification of(Optional<Float> novelty, float... probabilities) {
    return Classification.of(manifest, new Answer(probabilities, novelty));
  }
}
