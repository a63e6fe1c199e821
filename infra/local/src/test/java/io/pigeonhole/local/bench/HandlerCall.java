package io.pigeonhole.local.bench;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
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

  /** An invocation with half a minute left. */
  private static final class Invocation implements Context {
    @Override
    public String getAwsRequestId() {
      return "benchmark";
    }

    @Override
    public String getLogGroupName() {
      return "";
    }

    @Override
    public String getLogStreamName() {
      return "";
    }

    @Override
    public String getFunctionName() {
      return "classify";
    }

    @Override
    public String getFunctionVersion() {
      return "";
    }

    @Override
    public String getInvokedFunctionArn() {
      return "";
    }

    @Override
    public CognitoIdentity getIdentity() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ClientContext getClientContext() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int getRemainingTimeInMillis() {
      return 30_000;
    }

    @Override
    public int getMemoryLimitInMB() {
      return 2048;
    }

    @Override
    public LambdaLogger getLogger() {
      throw new UnsupportedOperationException();
    }
  }
}
