package io.pigeonhole.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.events.DocumentedShapes;
import io.pigeonhole.local.lambda.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GatewayTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final BlockingQueue<JsonNode> EVENTS = new LinkedBlockingQueue<>();
  private static volatile CompletableFuture<Outcome> outcome;

  @TempDir static Path folder;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        Gateway.start(
            0,
            folder,
            List.of(
                new Route(
                    Route.DEFAULT,
                    Level.NONE,
                    event -> {
                      EVENTS.add(JSON.readTree(event));
                      return outcome;
                    })),
            Authorizer.none(),
            Duration.ofMillis(500),
            Rate.UNLIMITED,
            Map.of());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void reset() {
    EVENTS.clear();
    respond("{\"statusCode\":200,\"body\":\"ok\"}");
  }

  private static void respond(String json) {
    outcome = CompletableFuture.completedFuture(new Outcome.Responded(json.getBytes(UTF_8)));
  }

  @Test
  void turnsARequestIntoAnEvent() throws Exception {
    send(
        request("/images/a%20b%2Fc.jpg?top=3&top=4&x=%C3%A9&flag&plus=a+b")
            .header("X-Two", "1")
            .header("X-Two", "2")
            .header("Cookie", "a=1; b=2")
            .header("User-Agent", "test"));
    JsonNode event = EVENTS.remove();
    assertThat(DocumentedShapes.problems("http-api-2.0", event.toString())).isEmpty();
    assertThat(event.at("/version").asString()).isEqualTo("2.0");
    assertThat(event.at("/routeKey").asString()).isEqualTo("$default");
    assertThat(event.at("/rawPath").asString()).isEqualTo("/images/a%20b%2Fc.jpg");
    assertThat(event.at("/rawQueryString").asString())
        .isEqualTo("top=3&top=4&x=%C3%A9&flag&plus=a+b");
    assertThat(event.at("/queryStringParameters"))
        .isEqualTo(JSON.readTree("{\"top\":\"3,4\",\"x\":\"é\",\"flag\":\"\",\"plus\":\"a b\"}"));
    assertThat(event.at("/headers/x-two").asString()).isEqualTo("1,2");
    assertThat(event.at("/headers").has("cookie")).isFalse();
    assertThat(event.at("/cookies")).isEqualTo(JSON.readTree("[\"a=1\",\"b=2\"]"));
    JsonNode http = event.at("/requestContext/http");
    assertThat(http.at("/method").asString()).isEqualTo("GET");
    assertThat(http.at("/path").asString()).isEqualTo("/images/a%20b%2Fc.jpg");
    assertThat(http.at("/protocol").asString()).isEqualTo("HTTP/1.1");
    assertThat(http.at("/sourceIp").asString()).isEqualTo("127.0.0.1");
    assertThat(http.at("/userAgent").asString()).isEqualTo("test");
    assertThat(event.at("/requestContext/time").asString())
        .matches("\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000");
    assertThat(event.has("body")).isFalse();
    assertThat(event.at("/isBase64Encoded").asBoolean()).isFalse();
  }

  @Test
  void leavesOutParametersAndCookiesWhereThereAreNone() throws Exception {
    send(request("/"));
    JsonNode event = EVENTS.remove();
    assertThat(DocumentedShapes.problems("http-api-2.0", event.toString())).isEmpty();
    assertThat(event.at("/rawQueryString").asString()).isEmpty();
    assertThat(event.has("queryStringParameters")).isFalse();
    assertThat(event.has("cookies")).isFalse();
  }

  @Test
  void passesTextAsTextAndAllElseInBase64() throws Exception {
    assertBody("application/json", "{\"key\":\"é\"}", "{\"key\":\"é\"}", false);
    assertBody("application/problem+json", "{}", "{}", false);
    assertBody("text/plain; charset=utf-8", "hi", "hi", false);
    assertBody("application/xml", "<a/>", "<a/>", false);
    assertBody("image/jpeg", "bytes", base64("bytes"), true);
    assertBody("application/octet-stream", "bytes", base64("bytes"), true);
    // What curl says of --data-binary
    assertBody("application/x-www-form-urlencoded", "bytes", base64("bytes"), true);
    assertBody("multipart/form-data; boundary=x", "bytes", base64("bytes"), true);
  }

  private static void assertBody(String type, String body, String inEvent, boolean encoded)
      throws Exception {
    send(request("/").header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    JsonNode event = EVENTS.remove();
    assertThat(event.at("/body").asString()).as(type).isEqualTo(inEvent);
    assertThat(event.at("/isBase64Encoded").asBoolean()).as(type).isEqualTo(encoded);
  }

  @Test
  void acceptsAChunkedBody() throws Exception {
    send(
        request("/")
            .POST(
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream("stream".getBytes(UTF_8)))));
    assertThat(EVENTS.remove().at("/body").asString()).isEqualTo(base64("stream"));
  }

  @Test
  void sendsStatusHeadersCookiesAndBodyOfTheAnswer() throws Exception {
    respond(
        """
        {"statusCode":418,"headers":{"Content-Type":"image/png","X-A":"b"},
         "cookies":["a=1","b=2"],"isBase64Encoded":true,"body":"%s"}
        """
            .formatted(base64("pixels")));
    HttpResponse<String> response = send(request("/"));
    assertThat(response.statusCode()).isEqualTo(418);
    assertThat(response.headers().firstValue("content-type")).contains("image/png");
    assertThat(response.headers().firstValue("x-a")).contains("b");
    assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
    assertThat(response.body()).isEqualTo("pixels");
  }

  @Test
  void takesJsonWithoutAStatusForABody() throws Exception {
    respond("{\"label\":\"cat\"}");
    HttpResponse<String> response = send(request("/"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.body()).isEqualTo("{\"label\":\"cat\"}");
  }

  @Test
  void answersErrorsOfTheFunctionWith500() throws Exception {
    outcome = CompletableFuture.completedFuture(new Outcome.Failed("Boom", "secret"));
    assertMessage(500, "Internal Server Error", send(request("/")));
    respond("not json");
    assertMessage(500, "Internal Server Error", send(request("/")));
    respond("{\"statusCode\":\"what\"}");
    assertMessage(500, "Internal Server Error", send(request("/")));
  }

  @Test
  void answers503WhenTheFunctionTakesTooLongAndTakesTheEventBack() throws Exception {
    outcome = new CompletableFuture<>();
    assertMessage(503, "Service Unavailable", send(request("/")));
    assertThat(outcome).isCancelled();
  }

  @Test
  void refusesBodiesOverTheGatewaysLimit() throws Exception {
    byte[] large = new byte[GatewayServlet.MAX_BODY_BYTES + 1];
    assertMessage(
        413,
        "Request Entity Too Large",
        send(request("/").POST(BodyPublishers.ofByteArray(large))));
    assertMessage(
        413,
        "Request Entity Too Large",
        send(
            request("/")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))));
    assertThat(EVENTS).isEmpty();
  }

  @Test
  void refusesBodiesThatMakeAnEventOverLambdasLimit() throws Exception {
    HttpRequest.Builder fits =
        request("/").POST(BodyPublishers.ofByteArray(new byte[4 * 1024 * 1024]));
    assertThat(send(fits).statusCode()).isEqualTo(200);
    HttpRequest.Builder tooLarge =
        request("/").POST(BodyPublishers.ofByteArray(new byte[5 * 1024 * 1024]));
    assertThat(send(tooLarge).statusCode()).isEqualTo(413);
    assertThat(EVENTS).hasSize(1);
  }

  @Test
  void refusesATooLargeBodyBeforeAClientThatAsksSendsIt() throws Exception {
    String head =
        "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 20000000\r\n\r\n";
    assertThat(firstLine(head)).contains("413");
  }

  @Test
  void asksAClientThatWaitsForItsBody() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
    assertThat(firstLine(head)).contains("100");
  }

  private static String firstLine(String head) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), gateway.endpoint().getPort())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(head.getBytes(UTF_8));
      byte[] buffer = new byte[100];
      int read = socket.getInputStream().read(buffer);
      return new String(buffer, 0, read, UTF_8).split("\r\n", -1)[0];
    }
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    HttpResponse<String> response = send(request("/").method("HEAD", BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-length")).contains("2");
    assertThat(response.body()).isEmpty();
    assertThat(EVENTS.remove().at("/requestContext/http/method").asString()).isEqualTo("HEAD");
  }

  @Test
  void passesEveryMethod() throws Exception {
    for (String method : new String[] {"PUT", "DELETE", "PATCH", "OPTIONS"}) {
      send(request("/").method(method, BodyPublishers.noBody()));
      assertThat(EVENTS.remove().at("/requestContext/http/method").asString()).isEqualTo(method);
    }
  }

  @Test
  void saysInJsonWhatIsNoRequest() throws Exception {
    String malformed = "GET /labels/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), gateway.endpoint().getPort())) {
      socket.getOutputStream().write(malformed.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer)
          .startsWith("HTTP/1.1 400")
          .contains("application/json")
          .contains("{\"message\":\"Bad Request\"}");
    }
    assertThat(EVENTS).isEmpty();
  }

  @Test
  void answers429ToMoreThanARouteMayBeAsked() throws Exception {
    try (Gateway slow =
        Gateway.start(
            0,
            folder.resolve("slow"),
            List.of(new Route(Route.DEFAULT, Level.NONE, event -> outcome)),
            Authorizer.none(),
            Duration.ofSeconds(5),
            new Rate(1, 3),
            Map.of())) {
      HttpRequest.Builder request = HttpRequest.newBuilder(slow.endpoint());
      for (int i = 0; i < 3; i++) {
        assertThat(send(request).statusCode()).isEqualTo(200);
      }
      assertMessage(429, "Too Many Requests", send(request));
    }
  }

  private static void assertMessage(int status, String message, HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).isEqualTo("{\"message\":\"" + message + "\"}");
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.endpoint().resolve(path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
