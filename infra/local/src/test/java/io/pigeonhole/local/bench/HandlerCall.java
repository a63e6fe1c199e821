package io.pigeonhole.local.bench;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.pigeonhole.testkit.Invocation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An event given to the handler as Lambda's Java runtime gives it, in the same process. */
final class HandlerCall {
  private HandlerCall() {}

  public static void main(String[] args) throws Exception {
    RequestStreamHandler handler =
        Class.forName("io.pigeonhole.start.Function")
            .asSubclass(RequestStreamHandler.class)
            .getConstructor()
            .newInstance();
    byte[] event = Files.readAllBytes(Path.of(args[0]));
    Peer.serve(
        () -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          handler.handleRequest(new ByteArrayInputStream(event), out, new Invocation());
          String answer = out.toString(StandardCharsets.UTF_8);
          if (!answer.contains("\"statusCode\":200")) {
            throw new IllegalStateException(answer);
          }
        });
  }
}
