package io.pigeonhole.local.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.local.s3.ObjectCreated.How;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;
import software.amazon.awssdk.services.s3.model.VersioningConfiguration;

class S3ServerTest {
  private static final BlockingQueue<ObjectCreated> CREATED = new LinkedBlockingQueue<>();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path folder;
  private static S3Server server;
  private static S3Client s3;

  @BeforeAll
  static void start() {
    server = S3Server.start(0, folder.resolve("s3"), List.of("images", "results"), CREATED::add);
    s3 = S3Clients.at(server.endpoint());
  }

  @AfterAll
  static void stop() {
    s3.close();
    server.close();
  }

  @BeforeEach
  void forget() {
    CREATED.clear();
  }

  @Test
  void announcesAPut() {
    String etag = put("cat.jpg", "meow").replace("\"", "");
    ObjectCreated created = onlyEvent();
    assertThat(created.how()).isEqualTo(How.PUT);
    assertThat(created.bucket()).isEqualTo("images");
    assertThat(created.key()).isEqualTo("cat.jpg");
    assertThat(created.size()).isEqualTo(4);
    assertThat(created.etag()).isEqualTo(etag);
    assertThat(created.versionId()).isEmpty();
    assertThat(created.requestId()).isNotEmpty();
  }

  @Test
  void takesTagsInTheLettersOfAllScripts() {
    put("räum/100%;a+b.jpg", "meow");
    setTags("räum/100%;a+b.jpg", "köter 犬", "two");
    assertThat(tags("räum/100%;a+b.jpg"))
        .containsExactlyInAnyOrder(tag("label", "köter 犬"), tag("second", "two"));
    setTags("räum/100%;a+b.jpg", "dog", "hund");
    assertThat(tags("räum/100%;a+b.jpg")).contains(tag("label", "dog"));
    assertThatThrownBy(() -> setTags("räum/100%;a+b.jpg", "<b>ö", "two"))
        .isInstanceOf(S3Exception.class)
        .hasMessageContaining("tag");
    assertThatThrownBy(() -> setTags("none", "köter", "two")).isInstanceOf(S3Exception.class);
  }

  @Test
  void saysHowManyTagsAnObjectHasIfAny() {
    put("counted.jpg", "meow");
    assertThat(tagCount("counted.jpg")).isNull();
    setTags("counted.jpg", "cat", "model");
    assertThat(tagCount("counted.jpg")).isEqualTo(2);
    put("counted.jpg", "woof");
    assertThat(tagCount("counted.jpg")).as("of what it was overwritten with").isNull();
  }

  private static Integer tagCount(String key) {
    return s3.getObjectAsBytes(get -> get.bucket("images").key(key)).response().tagCount();
  }

  private static void setTags(String key, String label, String second) {
    Tagging tagging = Tagging.builder().tagSet(tag("label", label), tag("second", second)).build();
    s3.putObjectTagging(p -> p.bucket("images").key(key).tagging(tagging));
  }

  private static List<Tag> tags(String key) {
    return s3.getObjectTagging(g -> g.bucket("images").key(key)).tagSet();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  @Test
  void announcesACopyUnderItsNewKey() {
    put("original.jpg", "meow");
    CREATED.clear();
    s3.copyObject(
        copy ->
            copy.sourceBucket("images")
                .sourceKey("original.jpg")
                .destinationBucket("images")
                .destinationKey("copy.jpg"));
    ObjectCreated created = onlyEvent();
    assertThat(created.how()).isEqualTo(How.COPY);
    assertThat(created.key()).isEqualTo("copy.jpg");
    assertThat(created.size()).isEqualTo(4);
  }

  @Test
  void announcesAMultipartUploadOnceWhenItIsComplete() {
    String id =
        s3.createMultipartUpload(create -> create.bucket("images").key("big.jpg")).uploadId();
    byte[] first = new byte[5 * 1024 * 1024];
    List<CompletedPart> parts = List.of(part(id, 1, first), part(id, 2, "end".getBytes(UTF_8)));
    assertThat(CREATED).isEmpty();
    String etag =
        s3.completeMultipartUpload(
                complete ->
                    complete
                        .bucket("images")
                        .key("big.jpg")
                        .uploadId(id)
                        .multipartUpload(upload -> upload.parts(parts)))
            .eTag();
    ObjectCreated created = onlyEvent();
    assertThat(created.how()).isEqualTo(How.COMPLETE_MULTIPART_UPLOAD);
    assertThat(created.key()).isEqualTo("big.jpg");
    assertThat(created.size()).isEqualTo(first.length + 3);
    assertThat(created.etag()).isEqualTo(etag.replace("\"", "")).endsWith("-2");
  }

  private static CompletedPart part(String id, int number, byte[] bytes) {
    String etag =
        s3.uploadPart(
                part -> part.bucket("images").key("big.jpg").uploadId(id).partNumber(number),
                RequestBody.fromBytes(bytes))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(etag).build();
  }

  @Test
  void announcesABrowsersPost() throws Exception {
    String form =
        """
        --limit\r
        Content-Disposition: form-data; name="key"\r
        \r
        from a form.jpg\r
        --limit\r
        Content-Disposition: form-data; name="file"; filename="x.jpg"\r
        Content-Type: image/jpeg\r
        \r
        meow\r
        --limit--\r
        """;
    HttpRequest post =
        HttpRequest.newBuilder(server.endpoint().resolve("/images"))
            .header("Content-Type", "multipart/form-data; boundary=limit")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    assertThat(HTTP.send(post, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    ObjectCreated created = onlyEvent();
    assertThat(created.how()).isEqualTo(How.POST);
    assertThat(created.key()).isEqualTo("from a form.jpg");
    assertThat(created.size()).isEqualTo(4);
  }

  @Test
  void namesTheVersionInAVersionedBucket() {
    s3.createBucket(bucket -> bucket.bucket("versioned"));
    s3.putBucketVersioning(
        versioning ->
            versioning
                .bucket("versioned")
                .versioningConfiguration(
                    VersioningConfiguration.builder().status("Enabled").build()));
    String version =
        s3.putObject(p -> p.bucket("versioned").key("a"), RequestBody.fromString("1")).versionId();
    assertThat(onlyEvent().versionId()).contains(version);
  }

  @Test
  void isSilentAboutWhatCreatesNoObject() {
    put("cat.jpg", "meow");
    CREATED.clear();
    s3.putObjectTagging(
        tagging ->
            tagging
                .bucket("images")
                .key("cat.jpg")
                .tagging(
                    Tagging.builder()
                        .tagSet(Tag.builder().key("label").value("cat").build())
                        .build()));
    s3.putObjectAcl(acl -> acl.bucket("images").key("cat.jpg").acl("private"));
    s3.createBucket(bucket -> bucket.bucket("another"));
    s3.getObjectAsBytes(get -> get.bucket("images").key("cat.jpg"));
    String id =
        s3.createMultipartUpload(create -> create.bucket("images").key("no.jpg")).uploadId();
    s3.abortMultipartUpload(abort -> abort.bucket("images").key("no.jpg").uploadId(id));
    s3.deleteObject(delete -> delete.bucket("images").key("cat.jpg"));
    s3.deleteObjects(
        delete ->
            delete
                .bucket("images")
                .delete(d -> d.objects(ObjectIdentifier.builder().key("whatever").build())));
    assertThat(CREATED).isEmpty();
  }

  @Test
  void isSilentAboutRequestsThatFail() {
    put("there.jpg", "meow");
    CREATED.clear();
    assertThat(
            statusOf(
                () ->
                    s3.putObject(
                        p -> p.bucket("images").key("there.jpg").ifNoneMatch("*"),
                        RequestBody.fromString("x"))))
        .isEqualTo(412);
    assertThat(
            statusOf(
                () ->
                    s3.putObject(
                        p -> p.bucket("no-such-bucket").key("a"), RequestBody.fromString("x"))))
        .isEqualTo(404);
    assertThat(CREATED).isEmpty();
  }

  private static int statusOf(Callable<?> request) {
    try {
      request.call();
      return 200;
    } catch (S3Exception e) {
      return e.statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static List<String> oddKeys() {
    return List.of(
        "with space.jpg",
        " leading and trailing ",
        "a+b.jpg",
        "100%.jpg",
        "%20.jpg",
        "%2525",
        "a%2Fb",
        "ünïcödé/日本語.jpg",
        "😀.jpg",
        "x".repeat(1024),
        "é".repeat(512),
        "/leading.jpg",
        "//two.jpg",
        "a//b.jpg",
        "folder/",
        "../up.jpg",
        "a/../b.jpg",
        "./here",
        "..",
        "a;b=c.jpg",
        "q?x=1&y.jpg",
        "h#f.jpg",
        "back\\slash.jpg",
        "quote\"'<>&.jpg",
        "{brace}[bracket]|^`~.jpg",
        "line\nbreak\t.jpg",
        "*",
        "images/images");
  }

  @ParameterizedTest
  @MethodSource("oddKeys")
  void storesAndAnnouncesOddKeysAsTheyAre(String key) {
    put(key, "meow");
    assertThat(onlyEvent().key()).isEqualTo(key);
    assertThat(s3.getObjectAsBytes(get -> get.bucket("images").key(key)).asUtf8String())
        .isEqualTo("meow");
    assertThat(server.keys("images")).contains(key);
    s3.deleteObject(delete -> delete.bucket("images").key(key));
    assertThat(server.keys("images")).doesNotContain(key);
  }

  @ParameterizedTest
  @CsvSource({
    "/images/a;b.jpg, a;b.jpg",
    "/images/[1].jpg, [1].jpg",
    "/images/a%2Fb.jpg, a/b.jpg",
    "/images/a%5Cb.jpg, a\\b.jpg",
    "/images//x.jpg, /x.jpg",
    "/images/a+b.jpg, a+b.jpg",
    "/images/../images/y.jpg, ../images/y.jpg"
  })
  void acceptsPathsThatAClientDidNotEncode(String path, String key) throws IOException {
    assertThat(rawPut(path)).startsWith("HTTP/1.1 200");
    assertThat(onlyEvent().key()).isEqualTo(key);
  }

  private static String rawPut(String path) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.endpoint().getPort())) {
      String request =
          "PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void letsOneOfManyConditionalWritersWin() throws Exception {
    for (int round = 0; round < 5; round++) {
      String key = "pointer-" + round;
      ExecutorService writers = Executors.newFixedThreadPool(8);
      List<Callable<Integer>> writes =
          IntStream.range(0, 8)
              .<Callable<Integer>>mapToObj(
                  writer ->
                      () ->
                          statusOf(
                              () ->
                                  s3.putObject(
                                      p -> p.bucket("results").key(key).ifNoneMatch("*"),
                                      RequestBody.fromString("writer " + writer))))
              .toList();
      int won = 0;
      for (Future<Integer> status : writers.invokeAll(writes)) {
        won += status.get() == 200 ? 1 : 0;
      }
      writers.shutdown();
      assertThat(won).isEqualTo(1);
    }
  }

  @Test
  void showsReadersTheOldObjectOrTheNewOneButNoMixture() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    put("replaced", "0");
    Callable<String> reader =
        () -> {
          String problem = "";
          while (!done.get() && problem.isEmpty()) {
            problem = mixture("replaced");
          }
          return problem;
        };
    ExecutorService readers = Executors.newFixedThreadPool(4);
    List<Future<String>> problems = Stream.generate(() -> readers.submit(reader)).limit(4).toList();
    for (int i = 0; i < 300; i++) {
      put("replaced", String.valueOf(i % 10).repeat(1 + i * 7919 % 30_000));
    }
    done.set(true);
    for (Future<String> problem : problems) {
      assertThat(problem.get()).isEmpty();
    }
    readers.shutdown();
  }

  /** Without the SDK, which would try again. */
  private static String mixture(String key) throws Exception {
    HttpRequest get = HttpRequest.newBuilder(server.endpoint().resolve("/images/" + key)).build();
    HttpResponse<byte[]> object = HTTP.send(get, HttpResponse.BodyHandlers.ofByteArray());
    byte[] md5 = MessageDigest.getInstance("MD5").digest(object.body());
    String expected = "\"" + HexFormat.of().formatHex(md5) + "\"";
    String etag = object.headers().firstValue("ETag").orElse("none");
    return object.statusCode() == 200 && etag.equals(expected)
        ? ""
        : "status %d, ETag %s, content's %s".formatted(object.statusCode(), etag, expected);
  }

  @Test
  void letsNobodyWaitForASlowClient() throws Exception {
    put("slow", "before");
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.endpoint().getPort())) {
      slow.getOutputStream()
          .write(
              "PUT /images/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx".getBytes(UTF_8));
      TimeUnit.MILLISECONDS.sleep(200);
      assertThat(s3.getObjectAsBytes(get -> get.bucket("images").key("slow")).asUtf8String())
          .isEqualTo("before");
      put("slow", "meanwhile");
    }
  }

  @Test
  void listensOnTheLoopbackAddressOnly() throws Exception {
    for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(network.getInetAddresses())) {
        if (!address.isLoopbackAddress()) {
          assertThat(answers(address)).as("%s", address).isFalse();
        }
      }
    }
  }

  private static boolean answers(InetAddress address) {
    try (Socket socket = new Socket(address, server.endpoint().getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void hasEverythingAgainAfterARestart() {
    Path root = folder.resolve("restarted");
    String etag;
    try (S3Server first = S3Server.start(0, root, List.of("images"), created -> {});
        S3Client client = S3Clients.at(first.endpoint())) {
      etag =
          client
              .putObject(
                  p ->
                      p.bucket("images")
                          .key("ä b.jpg")
                          .tagging("label=cat")
                          .contentType("image/jpeg"),
                  RequestBody.fromString("meow"))
              .eTag();
    }
    try (S3Server second = S3Server.start(0, root, List.of("images"), created -> {});
        S3Client client = S3Clients.at(second.endpoint())) {
      var object = client.getObjectAsBytes(get -> get.bucket("images").key("ä b.jpg"));
      assertThat(object.asUtf8String()).isEqualTo("meow");
      assertThat(object.response().eTag()).isEqualTo(etag);
      assertThat(object.response().contentType()).isEqualTo("image/jpeg");
      assertThat(client.getObjectTagging(get -> get.bucket("images").key("ä b.jpg")).tagSet())
          .extracting(Tag::key, Tag::value)
          .containsExactly(org.assertj.core.groups.Tuple.tuple("label", "cat"));
      assertThat(
              statusOf(
                  () ->
                      client.putObject(
                          p -> p.bucket("images").key("ä b.jpg").ifMatch(etag),
                          RequestBody.fromString("purr"))))
          .isEqualTo(200);
      assertThat(second.find("images", "ä b.jpg")).map(ObjectCreated::size).contains(4L);
      assertThat(second.find("images", "nothing.jpg")).isEmpty();
    }
  }

  /** What a browser asks before it sends an upload of the page. */
  @Test
  void letsPagesUploadWhatIsNotThere() throws Exception {
    HttpResponse<Void> allowed =
        HTTP.send(
            HttpRequest.newBuilder(server.endpoint().resolve("/images/uploads/a.jpg"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "http://localhost:8080")
                .header("Access-Control-Request-Method", "PUT")
                .header("Access-Control-Request-Headers", "content-type,if-none-match")
                .build(),
            HttpResponse.BodyHandlers.discarding());
    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(allowed.headers().firstValue("access-control-allow-methods").orElse(""))
        .contains("PUT");
    assertThat(allowed.headers().firstValue("access-control-allow-headers").orElse(""))
        .containsIgnoringCase("content-type")
        .containsIgnoringCase("if-none-match");
  }

  @Test
  void answersLinksWithoutCredentials() throws Exception {
    put("public.jpg", "meow");
    URI link = server.endpoint().resolve("/images/public.jpg");
    assertThat(
            HTTP.send(HttpRequest.newBuilder(link).build(), HttpResponse.BodyHandlers.ofString())
                .body())
        .isEqualTo("meow");
  }

  private static String put(String key, String content) {
    return s3.putObject(p -> p.bucket("images").key(key), RequestBody.fromString(content)).eTag();
  }

  private static ObjectCreated onlyEvent() {
    assertThat(CREATED).hasSize(1);
    return CREATED.remove();
  }
}
