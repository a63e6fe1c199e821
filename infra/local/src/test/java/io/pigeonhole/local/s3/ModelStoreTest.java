package io.pigeonhole.local.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.ModelStore;
import io.pigeonhole.model.ModelStore.Fetched;
import io.pigeonhole.model.S3ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** What trainer and functions rely on, of a bucket, a part of one, and a folder alike. */
class ModelStoreTest {
  @TempDir static Path folder;
  @AutoClose private static LocalS3 local;
  private static S3Client s3;

  @BeforeAll
  static void start() {
    local = new LocalS3(folder, "models");
    s3 = local.client();
  }

  static Stream<ModelStore> stores() throws IOException {
    return Stream.of(
        new S3ModelStore(s3, "models"),
        new S3ModelStore(s3, "models", "team a/"),
        new FolderModelStore(Files.createTempDirectory(folder, "models")));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void givesBackWhatWasPut(ModelStore store) throws IOException {
    put(store, "given/a b+c.bin", "weights");
    assertThat(found(store.get("given/a b+c.bin"))).isEqualTo("weights");
    try (var in = store.open("given/a b+c.bin")) {
      assertThat(in.readAllBytes()).isEqualTo("weights".getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void saysWhatIsMissing(ModelStore store) throws IOException {
    assertThat(store.get("nothing.json")).isInstanceOf(Fetched.Missing.class);
    assertThat(store.getIfChanged("nothing.json", "\"0\"")).isInstanceOf(Fetched.Missing.class);
    assertThat(store.list("nothing")).isEmpty();
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> store.open("nothing.json"))
        .withMessageContaining("nothing.json");
  }

  @ParameterizedTest
  @MethodSource("stores")
  void readsAgainOnlyWhatHasChanged(ModelStore store) throws IOException {
    put(store, "changing.json", "1");
    String etag = etag(store.get("changing.json"));
    assertThat(store.getIfChanged("changing.json", etag)).isInstanceOf(Fetched.Unchanged.class);
    put(store, "changing.json", "2");
    assertThat(found(store.getIfChanged("changing.json", etag))).isEqualTo("2");
  }

  @ParameterizedTest
  @MethodSource("stores")
  void writesOnlyOverWhatTheWriterHasSeen(ModelStore store) throws IOException {
    assertThat(write(store, "1", Optional.empty())).isTrue();
    assertThat(write(store, "2", Optional.empty())).as("it exists").isFalse();
    String first = etag(store.get("pointer.json"));
    assertThat(write(store, "2", Optional.of(first))).isTrue();
    assertThat(write(store, "3", Optional.of(first))).as("it is another").isFalse();
    assertThat(found(store.get("pointer.json"))).isEqualTo("2");
  }

  @ParameterizedTest
  @MethodSource("stores")
  void writesNothingOverWhatIsGone(ModelStore store) throws IOException {
    assertThat(store.putIfMatch("gone.json", new byte[1], Optional.of("\"0\""))).isFalse();
    assertThat(store.get("gone.json")).isInstanceOf(Fetched.Missing.class);
  }

  @ParameterizedTest
  @MethodSource("stores")
  void ofManyWritersAtOnceOneWins(ModelStore store) throws Exception {
    List<Callable<Boolean>> writers =
        IntStream.range(0, 8)
            .<Callable<Boolean>>mapToObj(
                i -> () -> store.putIfMatch("race.json", new byte[] {(byte) i}, Optional.empty()))
            .toList();
    ExecutorService threads = Executors.newFixedThreadPool(writers.size());
    try {
      int won = 0;
      for (Future<Boolean> writer : threads.invokeAll(writers)) {
        won += writer.get() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void listsWhatIsUnderAPrefixInOrder(ModelStore store) throws IOException {
    for (String key : List.of("listed/b/2", "listed/a/1", "listed/b/1", "listless")) {
      put(store, key, key);
    }
    assertThat(store.list("listed/")).containsExactly("listed/a/1", "listed/b/1", "listed/b/2");
  }

  @Test
  void keepsToItsPartOfTheBucket() throws IOException {
    put(new S3ModelStore(s3, "models", "team b/"), "mine.json", "mine");
    assertThat(new S3ModelStore(s3, "models", "team c/").list("")).isEmpty();
    assertThat(found(new S3ModelStore(s3, "models").get("team b/mine.json"))).isEqualTo("mine");
  }

  @Test
  void namesWhatItCouldNotReadOrWrite() {
    ModelStore store = new S3ModelStore(s3, "no-such-bucket", "team/");
    assertThatIOException()
        .isThrownBy(() -> store.get("current.json"))
        .withMessageContaining("s3://no-such-bucket/team/current.json");
    assertThatIOException()
        .isThrownBy(() -> store.putIfMatch("current.json", new byte[1], Optional.empty()))
        .withMessageContaining("s3://no-such-bucket/team/current.json");
    assertThatIOException()
        .isThrownBy(() -> store.list("models/"))
        .withMessageContaining("s3://no-such-bucket/team/models/");
  }

  @Test
  void saysShortlyThatThereAreNoCredentials() {
    AwsCredentialsProvider nowhere =
        AwsCredentialsProviderChain.of(SystemPropertyCredentialsProvider.create());
    try (S3Client anonymous = S3Clients.at(local.endpoint(), nowhere)) {
      assertThatIOException()
          .isThrownBy(() -> new S3ModelStore(anonymous, "models").get("current.json"))
          .withMessageStartingWith("cannot read s3://models/current.json: no AWS credentials");
    }
  }

  private static boolean write(ModelStore store, String text, Optional<String> etag)
      throws IOException {
    return store.putIfMatch("pointer.json", text.getBytes(UTF_8), etag);
  }

  private static void put(ModelStore store, String key, String text) throws IOException {
    store.put(key, Files.writeString(Files.createTempFile(folder, "put", ""), text));
  }

  private static String found(Fetched fetched) {
    assertThat(fetched).isInstanceOf(Fetched.Found.class);
    return new String(((Fetched.Found) fetched).bytes(), UTF_8);
  }

  private static String etag(Fetched fetched) {
    return ((Fetched.Found) fetched).etag();
  }
}
