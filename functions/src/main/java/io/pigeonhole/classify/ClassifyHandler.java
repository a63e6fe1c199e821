package io.pigeonhole.classify;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Api;
import io.pigeonhole.api.Payload;
import io.pigeonhole.api.ProblemException;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The function {@code classify}: the API, behind an HTTP API or a REST API of API Gateway. */
@Singleton
@Named("classify")
public final class ClassifyHandler implements RequestStreamHandler {
  private final Api api;

  ClassifyHandler(Api api) {
    this.api = api;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    Answer answer;
    try {
      answer = api.answer(Payload.read(Answer.JSON.readTree(in)), context.getAwsRequestId());
    } catch (ProblemException e) {
      answer = Answer.of(e.problem());
    }
    Answer.JSON.writeValue(out, Payload.write(answer));
  }
}
