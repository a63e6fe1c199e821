package io.pigeonhole.local.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RuntimeApiTest {
  private static final HttpClient RUNTIME = HttpClient.newHttpClient();

  private final BlockingQueue<Invocation> pending = new LinkedBlockingQueue<>();
  private final CountDownLatch killed = new CountDownLatch(1);
  private RuntimeApi api;

  @BeforeEach
  void start() throws IOException {
    api = new RuntimeApi("arn:aws:lambda:::f", Duration.ofSeconds(1), pending, killed::countDown);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void handsOutAnEventWithItsHeaders() throws Exception {
    Invocation invocation = invoke("{\"a\":1}");
    HttpResponse<String> next = next();
    assertThat(next.body()).isEqualTo("{\"a\":1}");
    assertThat(next.headers().firstValue("Lambda-Runtime-Aws-Request-Id"))
        .contains(invocation.requestId());
    assertThat(next.headers().firstValue("Lambda-Runtime-Invoked-Function-Arn"))
        .contains("arn:aws:lambda:::f");
    assertThat(next.headers().firstValue("Lambda-Runtime-Trace-Id").orElseThrow())
        .matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0");
    long deadline =
        Long.parseLong(next.headers().firstValue("Lambda-Runtime-Deadline-Ms").orElseThrow());
    assertThat(deadline - System.currentTimeMillis()).isBetween(0L, 1000L);
    assertThat(api.polled()).isTrue();
  }

  @Test
  void letsTheRuntimeWaitForAnEvent() throws Exception {
    CompletableFuture<HttpResponse<String>> next =
        RUNTIME.sendAsync(get("invocation/next"), HttpResponse.BodyHandlers.ofString());
    TimeUnit.MILLISECONDS.sleep(200);
    assertThat(next).isNotDone();
    invoke("late");
    assertThat(next.get(5, TimeUnit.SECONDS).body()).isEqualTo("late");
  }

  @Test
  void returnsTheResponse() throws Exception {
    Invocation invocation = invoke("{}");
    next();
    assertThat(post("invocation/" + invocation.requestId() + "/response", "{\"ok\":true}"))
        .isEqualTo(202);
    assertThat(((Outcome.Responded) invocation.outcome().get()).payload())
        .isEqualTo("{\"ok\":true}".getBytes(UTF_8));
  }

  @Test
  void returnsTheError() throws Exception {
    Invocation invocation = invoke("{}");
    next();
    assertThat(
            post(
                "invocation/" + invocation.requestId() + "/error",
                "{\"errorType\":\"java.io.IOException\",\"errorMessage\":\"no\"}"))
        .isEqualTo(202);
    assertThat(invocation.outcome().get())
        .isEqualTo(new Outcome.Failed("java.io.IOException", "no"));
  }

  @Test
  void failsAnInvocationPastItsTimeoutAndHasTheProcessKilled() throws Exception {
    Invocation invocation = invoke("{}");
    next();
    assertThat(invocation.outcome().get(5, TimeUnit.SECONDS))
        .isEqualTo(new Outcome.Failed("Sandbox.Timedout", "Task timed out after 1.00 seconds"));
    assertThat(killed.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(post("invocation/" + invocation.requestId() + "/response", "{}")).isEqualTo(400);
  }

  @Test
  void failsWhatTheProcessHadWhenItIsGone() throws Exception {
    Invocation had = invoke("{}");
    next();
    Invocation waiting = invoke("{}");
    api.close();
    assertThat(had.outcome().get())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failure -> assertThat(failure.errorType()).isEqualTo("Runtime.ExitError"));
    assertThat(waiting.outcome()).isNotDone();
    try (RuntimeApi next =
        new RuntimeApi("arn", Duration.ofSeconds(5), pending, killed::countDown)) {
      HttpResponse<String> response =
          RUNTIME.send(
              HttpRequest.newBuilder(uri(next, "invocation/next")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.headers().firstValue("Lambda-Runtime-Aws-Request-Id"))
          .contains(waiting.requestId());
    }
  }

  @Test
  void doesNotHandOutWhatNobodyWaitsForAnyMore() throws Exception {
    invoke("abandoned").outcome().cancel(false);
    invoke("wanted");
    assertThat(next().body()).isEqualTo("wanted");
  }

  @Test
  void refusesAResponseThatIsTooLarge() throws Exception {
    Invocation invocation = invoke("{}");
    next();
    String large = "x".repeat(RuntimeApi.MAX_RESPONSE_BYTES + 1);
    assertThat(post("invocation/" + invocation.requestId() + "/response", large)).isEqualTo(413);
    assertThat(invocation.outcome().get())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failure -> assertThat(failure.errorType()).isEqualTo("Function.ResponseSizeTooLarge"));
  }

  @Test
  void remembersWhyTheProcessCouldNotStart() throws Exception {
    assertThat(post("init/error", "{\"errorType\":\"Config\",\"errorMessage\":\"missing\"}"))
        .isEqualTo(202);
    assertThat(api.initError()).contains("Config: missing");
  }

  @Test
  void knowsNothingElse() throws Exception {
    assertThat(post("invocation/unknown/response", "{}")).isEqualTo(400);
    assertThat(post("elsewhere", "{}")).isEqualTo(404);
    assertThat(RUNTIME.send(get("elsewhere"), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(404);
  }

  private Invocation invoke(String payload) {
    Invocation invocation = Invocation.of(payload.getBytes(UTF_8));
    pending.add(invocation);
    return invocation;
  }

  private HttpResponse<String> next() throws IOException, InterruptedException {
    return RUNTIME.send(get("invocation/next"), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest get(String path) {
    return HttpRequest.newBuilder(uri(api, path)).build();
  }

  private int post(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri(api, path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return RUNTIME.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private static URI uri(RuntimeApi api, String path) {
    return URI.create("http://" + api.address() + "/2018-06-01/runtime/" + path);
  }
}
