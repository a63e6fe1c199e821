package io.pigeonhole.label;

import static io.pigeonhole.model.ReviewReason.UNKNOWN;
import static io.pigeonhole.model.ReviewReason.UNSURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Prediction;
import io.pigeonhole.model.ReviewReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultTest {
  private static final Instant AT = Instant.parse("2026-01-15T09:30:00.123Z");
  private static final String FIRST = "20260101T000000Z-00000001";
  private static final String SECOND = "20260102T000000Z-00000002";

  @ParameterizedTest
  @ValueSource(strings = {"e1", "e2", "e3"})
  void isReplacedByTheResultOfANewerEvent(String newest) {
    assertThat(replaces(cat("0B", "e2", FIRST), cat("0A", "e1", FIRST), newest)).isTrue();
    assertThat(replaces(gone("0B"), cat("0A", "e1", FIRST), newest)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"e1", "e2", "e3"})
  void isNotReplacedByTheResultOfAnOlderEvent(String newest) {
    assertThat(replaces(cat("0A", "e1", SECOND), cat("0B", "e2", FIRST), newest)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"e1", "e2", "e3"})
  void isReplacedForTheSameEventOnlyByAnotherAnswer(String newest) {
    assertThat(replaces(cat("0A", "e1", FIRST), cat("0A", "e1", FIRST), newest)).isFalse();
    assertThat(replaces(cat("0A", "e1", SECOND), cat("0A", "e1", FIRST), newest)).isTrue();
    assertThat(replaces(cat("0A", "e1", FIRST), gone("0A"), newest)).isTrue();
    assertThat(replaces(gone("0A"), gone("0A"), newest)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"e1", "e2", "e3"})
  void keepsTheLabelThatAModelGaveForTheSameEvent(String newest) {
    assertThat(replaces(gone("0A"), cat("0A", "e1", FIRST), newest))
        .as("deleted since, and the event comes again")
        .isFalse();
    assertThat(replaces(cat("0A", "e2", FIRST), cat("0A", "e1", FIRST), newest))
        .as("overwritten since: that has an event of its own")
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"e1", "e2", "e3"})
  void withoutASequencerReplacesAResultAboutTheSameContentByAnotherAnswer(String newest) {
    assertThat(replaces(cat("", "e1", SECOND), cat("0A", "e1", FIRST), newest)).isTrue();
    assertThat(replaces(cat("", "e1", FIRST), cat("0A", "e1", FIRST), newest)).isFalse();
  }

  @Test
  void withoutASequencerTheContentDecidesThatIsThereNow() {
    assertThat(replaces(cat("", "e2", FIRST), cat("0A", "e1", FIRST), "e2")).isTrue();
    assertThat(replaces(cat("", "e2", FIRST), cat("0A", "e1", FIRST), "e1")).isFalse();
    assertThat(replaces(cat("", "e2", FIRST), cat("", "e1", FIRST), "e2")).isTrue();
    assertThat(replaces(gone(""), cat("0A", "e1", FIRST), "")).isTrue();
    assertThat(replaces(gone(""), gone("0A"), "")).isFalse();
    for (String sequencer : List.of("", "0A")) {
      assertThatThrownBy(() -> replaces(cat("", "e2", FIRST), cat(sequencer, "e1", FIRST), "e3"))
          .hasMessage("it has changed since it was read");
    }
  }

  private static boolean replaces(Result result, Result stored, String newest) {
    return result.replaces(
        stored,
        result instanceof Result.Labeled labeled
            ? labeled.model()
            : new Result.ModelId("cifar10", FIRST),
        () -> newest);
  }

  @Test
  void remembersTheLabelsThatItsKeyHadBefore() {
    Result dog = labeled("dog", "0B", "e2", FIRST).inPlaceOf(cat("0A", "e1", FIRST));
    assertThat(dog.formerLabels()).containsExactly("cat");
    Result cat = cat("0C", "e3", FIRST).inPlaceOf(dog);
    assertThat(cat.formerLabels()).containsExactly("dog");
    assertThat(gone("0D").inPlaceOf(cat).formerLabels()).containsExactly("cat", "dog");
  }

  @Test
  void keepsWhatAPersonSaidAboutTheSameContent() {
    Result.Labeled corrected = corrected("0A", "e1");
    Result.Labeled relabeled = (Result.Labeled) cat("0B", "e1", SECOND).inPlaceOf(corrected);
    assertThat(relabeled.label()).contains("horse");
    assertThat(relabeled.confidence()).isEqualTo(1);
    assertThat(relabeled.reason()).isEmpty();
    assertThat(relabeled.classification().label()).isEqualTo("cat");
    assertThat(relabeled.formerLabels()).isEmpty();
  }

  @Test
  void forgetsWhatAPersonSaidAboutOtherContent() {
    Result.Labeled replaced =
        (Result.Labeled) cat("0B", "e2", FIRST).inPlaceOf(corrected("0A", "e1"));
    assertThat(replaced.label()).contains("cat");
    assertThat(replaced.formerLabels()).containsExactly("?corrected", "horse");
  }

  @Test
  void leavesTheListsThatItWasInBeforeAPersonSpoke() {
    Result.Labeled unsure = forReview(UNSURE);
    assertThat(unsure.lists()).containsExactly("cat", "?review");
    Result.Labeled said =
        unsure.corrected(Optional.of(new Result.Correction(Optional.of("dog"), AT)));
    assertThat(said.lists()).containsExactly("dog", "?corrected");
    assertThat(said.leaving(unsure).formerLabels()).containsExactly("?review", "cat");
  }

  @Test
  void isInNoPigeonholeIfTheImageIsUnknown() {
    Result.Labeled unknown = forReview(UNKNOWN);
    assertThat(unknown.lists()).containsExactly("?review");
    assertThat(unknown.label()).contains("cat");
    assertThat(unknown.pigeonhole()).isEmpty();
    Result known = cat("0B", "e1", SECOND).inPlaceOf(unknown);
    assertThat(known.formerLabels()).containsExactly("?review");
    assertThat(unknown.inPlaceOf(cat("0@", "e0", FIRST)).formerLabels()).containsExactly("cat");
  }

  @Test
  void isInNoPigeonholeIfAPersonSaysThatItIsNoneOfTheLabels() {
    Result.Labeled none = none(forReview(UNSURE));
    assertThat(none.label()).isEmpty();
    assertThat(none.reason()).isEmpty();
    assertThat(none.lists()).containsExactly("?corrected");
    assertThat(none.leaving(forReview(UNSURE)).formerLabels()).containsExactly("?review", "cat");
    Result.Labeled relabeled = (Result.Labeled) cat("0B", "e1", SECOND).inPlaceOf(none);
    assertThat(relabeled.label()).isEmpty();
    assertThat(relabeled.lists()).containsExactly("?corrected");
    assertThat(((Result.Labeled) cat("0B", "e2", SECOND).inPlaceOf(none)).label()).contains("cat");
  }

  @Test
  void keepsTheOrderThatItHasNone() {
    Result relabeled = cat("", "e1", SECOND).inPlaceOf(cat("0A", "e1", FIRST));
    assertThat(relabeled.object().sequencer()).isEqualTo("0A");
  }

  @Test
  void isTheSameAfterTheWayThroughJson() {
    Result labeled = cat("0A", "e1", FIRST).after(List.of("dog"));
    assertThat(ResultJson.read(ResultJson.write(labeled))).contains(labeled);
    assertThat(ResultJson.read(ResultJson.write(corrected("0A", "e1"))))
        .contains(corrected("0A", "e1"));
    assertThat(ResultJson.read(ResultJson.write(gone("0A")))).contains(gone("0A"));
    for (ReviewReason reason : ReviewReason.values()) {
      assertThat(ResultJson.read(ResultJson.write(forReview(reason)))).contains(forReview(reason));
    }
    Result none = none((Result.Labeled) cat("0A", "e1", FIRST));
    assertThat(ResultJson.read(ResultJson.write(none))).contains(none);
  }

  @Test
  void isUnsureIfItWasForReviewBeforeThereWereReasons() {
    String json = new String(ResultJson.write(forReview(UNSURE)), StandardCharsets.UTF_8);
    assertThat(json).contains("\"review\":true,\"reason\":\"unsure\",\"novelty\":0.97");
    for (String reason : List.of("", "\"reason\":\"tired\",", "\"reason\":null,")) {
      String other = json.replace("\"reason\":\"unsure\",", reason);
      assertThat(ResultJson.read(other.getBytes(StandardCharsets.UTF_8)))
          .as(other)
          .contains(forReview(UNSURE));
    }
  }

  @Test
  void isWrittenInTheDocumentedForm() {
    assertThat(new String(ResultJson.write(cat("0A", "e1", FIRST)), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"bucket\":\"images\",\"key\":\"a b.jpg\",\"etag\":\"e1\",\"label\":\"cat\","
                + "\"confidence\":0.75,\"review\":false,\"predictions\":[{\"label\":\"cat\","
                + "\"confidence\":0.75},{\"label\":\"dog\",\"confidence\":0.25}],\"model\":"
                + "{\"name\":\"cifar10\",\"version\":\"20260101T000000Z-00000001\"},"
                + "\"labeledAt\":\"2026-01-15T09:30:00.123Z\",\"sequencer\":\"0A\"}");
    assertThat(new String(ResultJson.write(corrected("0A", "e1")), StandardCharsets.UTF_8))
        .contains(
            "\"label\":\"horse\",\"confidence\":1.0,\"review\":false,\"correction\":"
                + "{\"label\":\"horse\",\"at\":\"2026-01-15T09:30:00.123Z\"},\"predictions\":"
                + "[{\"label\":\"cat\",\"confidence\":0.75}");
    assertThat(new String(ResultJson.write(forReview(UNKNOWN)), StandardCharsets.UTF_8))
        .contains(
            "\"label\":\"cat\",\"confidence\":0.4,\"review\":true,\"reason\":\"unknown\","
                + "\"novelty\":0.97,\"predictions\":[");
    assertThat(new String(ResultJson.write(none(forReview(UNKNOWN))), StandardCharsets.UTF_8))
        .contains(
            "\"etag\":\"e1\",\"review\":false,\"novelty\":0.97,\"correction\":{\"none\":true,"
                + "\"at\":\"2026-01-15T09:30:00.123Z\"},\"predictions\":[");
    assertThat(new String(ResultJson.write(gone("0A")), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"bucket\":\"images\",\"key\":\"a b.jpg\",\"error\":{\"code\":\"gone\",\"message\":"
                + "\"deleted before it was read\"},\"labeledAt\":\"2026-01-15T09:30:00.123Z\","
                + "\"sequencer\":\"0A\"}");
  }

  @Test
  void isNoneIfItCannotBeRead() {
    for (String json : List.of("", "null", "[]", "{\"key\":1", "{\"key\":\"k\"}", "\u0000")) {
      assertThat(ResultJson.read(json.getBytes(StandardCharsets.UTF_8)))
          .as(json)
          .isEqualTo(Optional.empty());
    }
  }

  private static Result.Labeled corrected(String sequencer, String etag) {
    return ((Result.Labeled) cat(sequencer, etag, FIRST))
        .corrected(Optional.of(new Result.Correction(Optional.of("horse"), AT)));
  }

  private static Result.Labeled none(Result.Labeled labeled) {
    return labeled.corrected(Optional.of(new Result.Correction(Optional.empty(), AT)));
  }

  private static Result.Labeled forReview(ReviewReason reason) {
    return new Result.Labeled(
        new ObjectVersion("images", "a b.jpg", "", "e1", "0A"),
        new Classification(
            List.of(new Prediction("cat", 0.4f)), Optional.of(reason), Optional.of(0.97f)),
        new Result.ModelId("cifar10", FIRST),
        AT,
        List.of());
  }

  private static Result cat(String sequencer, String etag, String version) {
    return labeled("cat", sequencer, etag, version);
  }

  private static Result labeled(String label, String sequencer, String etag, String version) {
    String other = label.equals("cat") ? "dog" : "cat";
    return new Result.Labeled(
        new ObjectVersion("images", "a b.jpg", "", etag, sequencer),
        new Classification(
            List.of(new Prediction(label, 0.75f), new Prediction(other, 0.25f)),
            Optional.empty(),
            Optional.empty()),
        new Result.ModelId("cifar10", version),
        AT,
        List.of());
  }

  private static Result gone(String sequencer) {
    return new Result.Unlabeled(
        new ObjectVersion("images", "a b.jpg", "", "", sequencer),
        "gone",
        "deleted before it was read",
        AT,
        List.of());
  }
}
