package io.pigeonhole.local.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

class JournaledKeysTest {
  private static final UUID A = new UUID(0, 1);
  private static final UUID B = new UUID(0, 2);

  @TempDir Path folder;

  private JournaledKeys keys(Map<String, UUID> known) throws IOException {
    return new JournaledKeys(known, folder.resolve("journal"));
  }

  @Test
  void areThereAgainAfterARestart() throws IOException {
    JournaledKeys keys = keys(Map.of("old", A, "gone", A));
    keys.put("new \"\n\u2028 ü", B);
    keys.remove("gone");
    assertThat(keys(Map.of("old", A, "gone", A)))
        .isEqualTo(Map.of("old", A, "new \"\n\u2028 ü", B))
        .isEqualTo(keys);
  }

  @Test
  void areTheSameWhenTheJournalIsReadTwice() throws IOException {
    JournaledKeys keys = keys(Map.of());
    keys.put("a", A);
    keys.remove("a");
    keys.put("a", B);
    keys.put("b", B);
    keys.remove("b");
    assertThat(keys(keys)).isEqualTo(Map.of("a", B));
  }

  @Test
  void loseOnlyTheLineThatAKillHasCutOff() throws IOException {
    JournaledKeys keys = keys(Map.of());
    keys.put("a", A);
    keys.put("b", B);
    Path journal = folder.resolve("journal");
    byte[] lines = Files.readAllBytes(journal);
    Files.write(journal, Arrays.copyOf(lines, lines.length - 9));
    JournaledKeys restarted = keys(Map.of());
    assertThat(restarted).isEqualTo(Map.of("a", A));
    restarted.put("c", B);
    assertThat(keys(Map.of())).containsEntry("a", A).containsEntry("c", B);
  }

  @Test
  void ofABucketSurviveAChangeOfItsSettingsAndARestart() throws IOException {
    try (S3Server server = start();
        S3Client s3 = S3Clients.at(server.endpoint())) {
      put(s3, "before.jpg");
      s3.putBucketVersioning(
          put -> put.bucket("images").versioningConfiguration(v -> v.status("Enabled")));
      put(s3, "after.jpg");
      s3.deleteObject(delete -> delete.bucket("results").key("never.json"));
    }
    Files.writeString(
        folder.resolve("s3/images/newKeys.jsonl"),
        "\n{\"key\":\"cut of",
        StandardOpenOption.APPEND);
    try (S3Server server = start();
        S3Client s3 = S3Clients.at(server.endpoint())) {
      assertThat(s3.listObjectsV2(list -> list.bucket("images")).contents())
          .extracting(S3Object::key)
          .containsExactlyInAnyOrder("before.jpg", "after.jpg");
      assertThat(s3.getBucketVersioning(get -> get.bucket("images")).statusAsString())
          .isEqualTo("Enabled");
    }
  }

  private S3Server start() {
    return S3Server.start(0, folder.resolve("s3"), List.of("images", "results"), created -> {});
  }

  private static void put(S3Client s3, String key) {
    s3.putObject(put -> put.bucket("images").key(key), RequestBody.fromString(key));
  }
}
