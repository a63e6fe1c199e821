package io.pigeonhole.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.config.Outputs;
import io.pigeonhole.label.Interleavings.Thing;
import io.pigeonhole.label.ReplayedS3.Exchange;
import io.pigeonhole.label.ReplayedS3.Kind;
import io.pigeonhole.label.ReplayedS3.Pending;
import io.pigeonhole.label.ReplayedS3.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many requests an image takes, and which: they are most of what it costs. */
class RequestsTest {
  private static final String IMAGE = "images/a.jpg";
  private static final String RESULT = "results/labels/a.jpg.json";
  private static final String CAT = "results/by-label/cat/a.jpg";
  private static final String DOG = "results/by-label/dog/a.jpg";

  private final Map<String, Thing> bucket = new HashMap<>();

  @Test
  void aNewImageTakesFour() {
    upload("cat.jpg");
    assertThat(label("0A", Outputs.ALL))
        .containsExactly("GET " + IMAGE, "PUT " + RESULT, "PUT_TAGS " + IMAGE, "PUT " + CAT);
  }

  @Test
  void withoutAnIndexThreeAndWithResultsAloneTwo() {
    upload("cat.jpg");
    assertThat(label("0A", new Outputs(true, Outputs.TAGS, false)))
        .containsExactly("GET " + IMAGE, "PUT " + RESULT, "PUT_TAGS " + IMAGE);
    bucket.clear();
    upload("cat.jpg");
    assertThat(label("0A", new Outputs(true, Set.of(), false)))
        .containsExactly("GET " + IMAGE, "PUT " + RESULT);
  }

  @Test
  void withTagsAloneTwoEachTime() {
    upload("cat.jpg");
    Outputs label = new Outputs(false, Set.of(Outputs.LABEL), false);
    assertThat(label("0A", label)).containsExactly("GET " + IMAGE, "PUT_TAGS " + IMAGE);
    assertThat(bucket.get(IMAGE).tags()).isEqualTo("label=cat\n");
    assertThat(bucket).containsOnlyKeys(IMAGE);
    assertThat(label("0A", label)).containsExactly("GET " + IMAGE, "GET_TAGS " + IMAGE);
  }

  @Test
  void anUnknownImageHasReviewInThePlaceOfItsLabel() {
    upload("sofa.jpg");
    label("0A", new Outputs(true, Set.of(Outputs.LABEL), false));
    assertThat(bucket.get(IMAGE).tags()).isEqualTo("review=unknown\n");
    upload("sofa.jpg");
    label("0B", new Outputs(true, Set.of(Outputs.CONFIDENCE, Outputs.MODEL), false));
    assertThat(bucket.get(IMAGE).tags()).isEqualTo("model=animals/first\n");
  }

  @Test
  void whatOthersTaggedIsLookedUpFirstAndKeepsTheirTags() {
    bucket.put(IMAGE, new Thing("cat.jpg", "owner=me\nmodel=X100\n", 0));
    assertThat(label("0A", new Outputs(true, Set.of(Outputs.LABEL), true)))
        .containsExactly(
            "GET " + IMAGE,
            "GET " + RESULT,
            "PUT " + RESULT,
            "GET_TAGS " + IMAGE,
            "PUT_TAGS " + IMAGE,
            "PUT " + CAT);
    assertThat(bucket.get(IMAGE).tags().lines())
        .containsExactlyInAnyOrder("label=cat", "model=X100", "owner=me");
  }

  @Test
  void whatIsLabeledIsNotLabeledAgain() {
    upload("cat.jpg");
    label("0A", Outputs.ALL);
    assertThat(label("0A", Outputs.ALL))
        .containsExactly(
            "GET " + IMAGE, "GET " + RESULT, "GET_TAGS " + IMAGE, "PUT " + CAT, "GET " + RESULT);
  }

  @Test
  void whatIsOverwrittenIsFoundOutByItsResultAndLookedAtInTheEnd() {
    upload("cat.jpg");
    label("0A", Outputs.ALL);
    upload("dog.jpg");
    assertThat(label("0B", new Outputs(true, Outputs.TAGS, true)))
        .containsExactly(
            "GET " + IMAGE,
            "PUT " + RESULT,
            "GET " + RESULT,
            "PUT " + RESULT,
            "GET_TAGS " + IMAGE,
            "PUT_TAGS " + IMAGE,
            "PUT " + DOG,
            "PUT results/for-review/a.jpg",
            "DELETE " + CAT,
            "GET " + RESULT);
  }

  @Test
  void whoTookLongerThanItsHeadStartLooksInTheEnd() {
    upload("cat.jpg");
    HeadStart over = new HeadStart(Duration.ofSeconds(-1), Duration.ZERO, HeadStart.Time.SYSTEM);
    assertThat(label("0A", Outputs.ALL, over)).hasSize(5).endsWith("GET " + RESULT);
  }

  private void upload(String content) {
    bucket.put(IMAGE, new Thing(content, "", 0));
  }

  private List<String> label(String sequencer, Outputs outputs) {
    return label(sequencer, outputs, HeadStart.STANDARD);
  }

  private List<String> label(String sequencer, Outputs outputs, HeadStart headStart) {
    ImageEvent event = new ImageEvent("images", "a.jpg", sequencer);
    List<Exchange> past = new ArrayList<>();
    while (true) {
      ReplayedS3 s3 = new ReplayedS3(List.copyOf(past));
      HeadStart replayed = new HeadStart(headStart.first(), headStart.others(), s3);
      try {
        InterleavingsTest.label(event, s3, new Filing(s3, "results", outputs, replayed));
        return past.stream()
            .map(Exchange::request)
            .filter(request -> request.kind() != Kind.CLOCK && request.kind() != Kind.SLEEP)
            .map(request -> request.kind() + " " + request.path())
            .toList();
      } catch (Pending pending) {
        Request request = pending.request();
        past.add(new Exchange(request, Interleavings.reply(request, bucket)));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
