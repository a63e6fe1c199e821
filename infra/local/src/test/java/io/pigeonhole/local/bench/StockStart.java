package io.pigeonhole.local.bench;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A classify function as DJL's demo for Lambda has it: TensorFlow's library comes out of its jar at
 * each start, and the model out of S3. Speaks the Lambda Runtime API.
 */
final class StockStart {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StockStart() {}

  public static void main(String[] args) throws Exception {
    Predictor<Image, Classifications> predictor = StockLabel.predictor(model());
    String api =
        "http://%s/2018-06-01/runtime/invocation/"
            .formatted(System.getenv("AWS_LAMBDA_RUNTIME_API"));
    while (true) {
      HttpURLConnection next = open(api + "next");
      JsonNode event;
      try (InputStream in = next.getInputStream()) {
        event = JSON.readTree(in);
      }
      byte[] bytes = Base64.getDecoder().decode(event.get("body").asText());
      Image image = ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(bytes));
      String body = predictor.predict(image).toJson();
      String answer = JSON.createObjectNode().put("statusCode", 200).put("body", body).toString();
      HttpURLConnection response =
          open(api + next.getHeaderField("Lambda-Runtime-Aws-Request-Id") + "/response");
      response.setDoOutput(true);
      try (OutputStream out = response.getOutputStream()) {
        out.write(answer.getBytes(StandardCharsets.UTF_8));
      }
      response.getInputStream().close();
    }
  }

  private static HttpURLConnection open(String address) throws Exception {
    URL url = URI.create(address).toURL();
    return (HttpURLConnection) url.openConnection();
  }

  private static Path model() throws Exception {
    Path folder = Files.createTempDirectory("model");
    String root = "models/" + System.getenv("PIGEONHOLE_MODEL_NAME") + "/";
    String bucket = System.getenv("PIGEONHOLE_MODELS_BUCKET");
    try (S3Client s3 = StockLabel.s3(URI.create(System.getenv("QUARKUS_S3_ENDPOINT_OVERRIDE")))) {
      byte[] current =
          s3.getObjectAsBytes(get -> get.bucket(bucket).key(root + "current.json")).asByteArray();
      String version = JSON.readTree(current).get("version").asText();
      s3.getObject(
          get -> get.bucket(bucket).key(root + version + "/saved_model.pb"),
          folder.resolve("saved_model.pb"));
    }
    return folder;
  }
}
