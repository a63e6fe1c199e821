package io.pigeonhole.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.TranslateException;
import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.Resize;
import io.pigeonhole.model.Answer;
import io.pigeonhole.model.Input;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PassesTest {
  private static final Answer NOTHING = new Answer(new float[1], Optional.empty());
  private static final Input INPUT = Input.uint8("images", 2, 2, 3, Resize.STRETCH);

  @BeforeAll
  static void loadTensorFlow() {
    new TensorFlowEngine().await();
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 1", "1, 2, 1", "2, 2, 2", "5, 2, 2", "3, 8, 3", "64, 3, 3", "64, 1, 1"})
  void everyImageHasItsRow(int images, int most, int passes) throws Exception {
    Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
    List<Answer> answers =
        Passes.sideBySide(
            batch(images),
            most,
            part -> {
              sizes.add(part.size());
              return firstBytes(part);
            });
    assertThat(answers).hasSize(images);
    for (int i = 0; i < images; i++) {
      assertThat(answers.get(i).probabilities()).containsExactly(i);
    }
    assertThat(sizes).hasSize(passes).allMatch(size -> size <= (images + passes - 1) / passes);
  }

  @Test
  void thePassesRunAtTheSameTime() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Passes.sideBySide(
        batch(2),
        2,
        part -> {
          both.countDown();
          await(both);
          return List.of(NOTHING);
        });
  }

  @Test
  void anErrorIsReportedWhenAllPassesHaveEnded() {
    CountDownLatch failed = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Passes.sideBySide(
                    batch(3),
                    3,
                    part -> {
                      if (firstBytes(part).get(0).probabilities()[0] == 1) {
                        failed.countDown();
                        throw new TranslateException("of the second part");
                      }
                      await(failed);
                      ended.incrementAndGet();
                      return List.of(NOTHING);
                    }))
        .isInstanceOf(TranslateException.class)
        .hasMessage("of the second part");
    assertThat(ended).hasValue(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Images of one colour: 0, 1, 2, … */
  private static Batch batch(int images) {
    Batch batch = new Batch(INPUT, 64);
    for (int i = 0; i < images; i++) {
      byte[] rgb = new byte[2 * 2 * 3];
      Arrays.fill(rgb, (byte) i);
      batch.add(new Pixels(2, 2, rgb));
    }
    return batch;
  }

  /** What TensorFlow gets of each image. */
  private static List<Answer> firstBytes(Batch part) {
    if (part.size() == 0) {
      return List.of();
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray array = part.toArray(manager);
      byte[] bytes = array.toByteArray();
      return IntStream.range(0, part.size())
          .mapToObj(i -> new float[] {bytes[i * Batch.rowBytes(INPUT)]})
          .map(first -> new Answer(first, Optional.empty()))
          .toList();
    }
  }
}
