package io.pigeonhole.provide;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.ModelRefusedException;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * The function {@code provide}: a custom resource of CloudFormation (<a
 * href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html">requests and
 * responses</a>). Created, it puts the bundled model into a models bucket that has none in service;
 * deleted, it does nothing, for models stay.
 *
 * <p>What goes wrong fails the deployment, with the reason. The invocation fails only if
 * CloudFormation cannot be told; Lambda tries again then.
 */
@Singleton
@Named("provide")
public final class ProvideHandler implements RequestStreamHandler {
  private static final Logger LOG = Logger.getLogger(ProvideHandler.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Another one would make CloudFormation delete what it takes for the former. */
  private static final String IDENTITY = "bundled-model";

  // of 4,096 bytes that a response may have
  private static final int MAX_REASON = 1000;

  private final BundledModel model;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  ProvideHandler(BundledModel model) {
    this.model = model;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    JsonNode request = JSON.readTree(in);
    URI address = address(request);
    ObjectNode response = response(request);
    LOG.infof(
        "%s: %s, %s (request %s)",
        request.path("RequestType").asText(),
        response.path("Status").asText(),
        response.path("Reason").asText(),
        context.getAwsRequestId());
    send(address, response);
    JSON.writeValue(out, response);
  }

  private static URI address(JsonNode request) throws IOException {
    String address = request.path("ResponseURL").asText();
    if (address.isEmpty()) {
      throw new IOException("the event has no ResponseURL: it is no request of CloudFormation");
    }
    return URI.create(address);
  }

  private ObjectNode response(JsonNode request) {
    ObjectNode response = JSON.createObjectNode().put("PhysicalResourceId", IDENTITY);
    for (String field : new String[] {"StackId", "RequestId", "LogicalResourceId"}) {
      response.set(field, request.path(field));
    }
    try {
      boolean deleted = request.path("RequestType").asText().equals("Delete");
      String done = deleted ? "models stay" : model.provide();
      return response.put("Status", "SUCCESS").put("Reason", done);
    } catch (IOException | InvalidManifestException | ModelRefusedException | RuntimeException e) {
      LOG.errorf(e, "the bundled model cannot be put into the models bucket");
      String reason = "cannot put the bundled model into the models bucket: " + e.getMessage();
      return response
          .put("Status", "FAILED")
          .put("Reason", reason.substring(0, Math.min(reason.length(), MAX_REASON)));
    }
  }

  /** Without a type of its content: the address was signed without one. */
  private void send(URI address, ObjectNode response) throws IOException {
    HttpRequest put =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(response)))
            .build();
    try {
      int status = http.send(put, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new IOException("CloudFormation does not take the response: HTTP " + status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while CloudFormation was told", e);
    }
  }
}
