package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final long MIB = 1 << 20;

  @Test
  void letsNoMoreInThanThereIsRoomFor() throws Exception {
    MemoryBudget budget = new MemoryBudget(new Memory(10 * MIB, 10 * MIB));
    AtomicLong heap = new AtomicLong();
    AtomicLong most = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Boolean>> done = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      long need = (1 + i % 7) * MIB;
      done.add(
          threads.submit(
              () ->
                  budget.within(
                      new Memory(need, 8 * MIB - need),
                      () -> {
                        most.accumulateAndGet(heap.addAndGet(need), Math::max);
                        heap.addAndGet(-need);
                        return true;
                      })));
    }
    threads.shutdown();
    for (Future<Boolean> each : done) {
      assertThat(each.get()).isTrue();
    }
    assertThat(most.get()).isBetween(7 * MIB, 10 * MIB);
  }

  @Test
  void refusesWhatWillNeverFit() {
    MemoryBudget budget = new MemoryBudget(new Memory(10 * MIB, 20 * MIB));
    assertThat(refusal(budget, new Memory(11 * MIB, 0))).isEqualTo(ImageError.TOO_MANY_PIXELS);
    assertThat(refusal(budget, new Memory(0, 21 * MIB))).isEqualTo(ImageError.TOO_MANY_PIXELS);
  }

  @Test
  void givesBackWhatAFailureTook() throws Exception {
    MemoryBudget budget = new MemoryBudget(new Memory(MIB, MIB));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  budget.within(
                      new Memory(MIB, MIB),
                      () -> {
                        throw new IllegalStateException();
                      }))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(budget.<Boolean>within(new Memory(MIB, MIB), () -> true)).isTrue();
  }

  @Test
  void decodesAPhotoSmallWhereItsFullSizeDoesNotFit() throws Exception {
    byte[] photo = Samples.write(Samples.halves(1000, 1000), "jpg");
    try (ImageDecoder decoder =
        new ImageDecoder(ImageLimits.DEFAULT, new MemoryBudget(new Memory(MIB, 8 * MIB)))) {
      assertThat(
              catchThrowableOfType(UndecodableImageException.class, () -> decoder.decode(photo))
                  .error())
          .isEqualTo(ImageError.TOO_MANY_PIXELS);
      assertThat(decoder.decode(photo, 32, 32).width()).isEqualTo(125);
    }
  }

  private static ImageError refusal(MemoryBudget budget, Memory need) {
    return catchThrowableOfType(
            UndecodableImageException.class, () -> budget.within(need, () -> true))
        .error();
  }
}
