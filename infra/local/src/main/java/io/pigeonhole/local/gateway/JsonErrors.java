package io.pigeonhole.local.gateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.http.HttpStatus;

/** Says what the server refuses by itself as API Gateway does, and not in HTML. */
public final class JsonErrors extends ErrorReportValve {
  @Override
  protected void report(Request request, Response response, Throwable throwable) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    try {
      response.setContentType("application/json");
      PrintWriter writer = response.getReporter();
      if (writer != null) {
        writer.write("{\"message\":\"" + phrase(status) + "\"}");
        response.finishResponse();
      }
    } catch (IOException | IllegalStateException e) {
      container.getLogger().debug("nobody listens any more", e);
    }
  }

  private static String phrase(int status) {
    return Optional.ofNullable(HttpStatus.resolve(status))
        .map(HttpStatus::getReasonPhrase)
        .orElse("Error");
  }
}
