package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.FaultyS3.Fault;
import io.pigeonhole.local.s3.LocalS3;
import io.pigeonhole.local.s3.S3Clients;
import io.pigeonhole.model.ModelStore;
import io.pigeonhole.model.S3ModelStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.S3Client;

/** A conditional write that S3 has done, but whose answer was lost, so that it is repeated. */
class LostAnswerTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"LOST_RESPONSE", "LOST_REQUEST", "INTERNAL_ERROR"})
  void isNotTakenForAnotherOnes(Fault fault) throws Exception {
    try (LocalS3 local = new LocalS3(folder, "models");
        FaultyS3 faulty = new FaultyS3(local.endpoint());
        S3Client s3 = S3Clients.at(faulty.endpoint())) {
      ModelStore store = new S3ModelStore(s3, "models");
      once(faulty, fault);
      assertThat(store.putIfMatch("a.json", "mine".getBytes(UTF_8), Optional.empty())).isTrue();
      once(faulty, fault);
      assertThat(store.putIfMatch("a.json", "other".getBytes(UTF_8), Optional.empty())).isFalse();
      assertThat(faulty.happened().get(fault).sum()).isEqualTo(2);
    }
  }

  @Test
  void isStillRefusedWhereItWasThereBefore() throws Exception {
    try (LocalS3 local = new LocalS3(folder, "models")) {
      ModelStore store = new S3ModelStore(local.client(), "models");
      assertThat(store.putIfMatch("a.json", "mine".getBytes(UTF_8), Optional.empty())).isTrue();
      assertThat(store.putIfMatch("a.json", "mine".getBytes(UTF_8), Optional.empty())).isFalse();
    }
  }

  private static void once(FaultyS3 faulty, Fault fault) {
    AtomicBoolean done = new AtomicBoolean();
    faulty.inject(
        (method, path) ->
            method.equals("PUT") && done.compareAndSet(false, true)
                ? Optional.of(fault)
                : Optional.empty());
  }
}
