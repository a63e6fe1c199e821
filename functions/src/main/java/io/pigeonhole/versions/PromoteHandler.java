package io.pigeonhole.versions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.pigeonhole.api.Api;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The function {@code promote}: puts a version into service, on request. It alone may write the
 * pointer; it decodes no images.
 */
@Singleton
@Named("promote")
public final class PromoteHandler implements RequestStreamHandler {
  private final Api api;

  PromoteHandler(@Identifier("promotions") Api api) {
    this.api = api;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    api.answer(in, out, context.getAwsRequestId());
  }
}
