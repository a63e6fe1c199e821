package io.pigeonhole.local.lambda;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;

/** A function in a process of its own that does what its event says. */
final class TinyRuntime {
  private TinyRuntime() {}

  public static void main(String[] arguments) throws Exception {
    if (System.getenv("FAIL_TO_START") != null) {
      System.out.println("there is no configuration");
      System.exit(3);
    }
    String root = "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/";
    HttpClient http = HttpClient.newHttpClient();
    while (true) {
      HttpResponse<String> event =
          http.send(
              HttpRequest.newBuilder(URI.create(root + "invocation/next")).build(),
              HttpResponse.BodyHandlers.ofString());
      String answer =
          switch (event.body()) {
            case "die" -> {
              Runtime.getRuntime().halt(9);
              yield "";
            }
            case "hang" -> {
              TimeUnit.MINUTES.sleep(5);
              yield "";
            }
            default -> event.body() + " from " + System.getenv("AWS_LAMBDA_FUNCTION_NAME");
          };
      System.out.println("did " + event.body());
      String id = event.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
      http.send(
          HttpRequest.newBuilder(URI.create(root + "invocation/" + id + "/response"))
              .POST(HttpRequest.BodyPublishers.ofString(answer))
              .build(),
          HttpResponse.BodyHandlers.discarding());
    }
  }
}
