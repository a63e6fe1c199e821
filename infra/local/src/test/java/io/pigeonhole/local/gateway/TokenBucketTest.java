package io.pigeonhole.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private long now = 5;

  private int admitted(TokenBucket bucket, int asked) {
    int admitted = 0;
    for (int i = 0; i < asked; i++) {
      admitted += bucket.admits() ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void admitsABurstAndThenAsManyAsComeBack() {
    TokenBucket bucket = new TokenBucket(new Rate(10, 20), () -> now);
    assertThat(admitted(bucket, 100)).isEqualTo(20);
    now += Duration.ofMillis(99).toNanos();
    assertThat(admitted(bucket, 100)).isZero();
    now += Duration.ofMillis(401).toNanos();
    assertThat(admitted(bucket, 100)).isEqualTo(5);
    now += Duration.ofHours(1).toNanos();
    assertThat(admitted(bucket, 100)).isEqualTo(20);
  }

  @Test
  void admitsAllWhereThereIsNoLimit() {
    assertThat(admitted(new TokenBucket(Rate.UNLIMITED, () -> now), 1000)).isEqualTo(1000);
  }
}
