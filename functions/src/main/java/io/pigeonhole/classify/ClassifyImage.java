package io.pigeonhole.classify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Accept;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.inference.Batch;
import io.pigeonhole.inference.Lease;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.inference.ModelUnavailableException;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.pigeonholes.ImageKeys;
import io.pigeonhole.pigeonholes.Schemas;
import io.pigeonhole.pigeonholes.StoredObjects;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code POST /classify}: the label of an image, and on request why it is that. */
final class ClassifyImage implements Endpoint {
  private static final int TOP = 5;
  private static final Duration FIRST_MODEL = Duration.ofSeconds(25);
  private static final String JSON = "application/json";
  private static final String PNG = "image/png";

  private final ModelInService models;
  private final ImageDecoder decoder;
  private final SentImage sentImage;

  ClassifyImage(ModelInService models, ImageDecoder decoder, StoredObjects images, ImageKeys keys) {
    this.models = models;
    this.decoder = decoder;
    this.sentImage = new SentImage(images, keys);
  }

  Operation operation() {
    return Operation.post("/classify", "classify", Level.READ)
        .saying(
            "What an image shows",
            "The image is the body, the first file of a form, base64 in JSON, or in the images"
                + " bucket under a key. Nothing is stored. JPEG, PNG, GIF, BMP, WebP and TIFF are"
                + " understood, HEIC and AVIF where the system has libheif, whatever the body's type"
                + " says. The body may be encoded by gzip. With"
                + " `explain=true` the answer also says which parts of the image speak for the"
                + " label; with `Accept: image/png` it is the image itself, with those parts lit.")
        .inQuery("top", Schema.integer(1, 10_000), "How many predictions; 5 if not given.")
        .inQuery("explain", Schema.bool(), "Whether to explain the label.")
        .takes("image/*", Schema.bytes())
        .takes("application/octet-stream", Schema.bytes())
        .takes("multipart/form-data", Schema.object().optional("image", Schema.bytes()))
        .takes(JSON, inJson())
        .answers(200, "The label.", Map.of(JSON, answerSchema(), PNG, Schema.bytes()))
        .problems(403, 404, 406, 409, 415)
        .by(this);
  }

  private static Schema inJson() {
    return Schema.object()
        .optional("image", Schema.string().saying("Base64, or a data URL of it."))
        .optional("key", Schema.string().saying("Of an image in the bucket, instead of image."))
        .named("ImageInJson");
  }

  private static Schema answerSchema() {
    return Schema.object()
        .required("label", Schema.string())
        .required("confidence", Schemas.CONFIDENCE)
        .required("review", Schema.bool().saying("The label is a suggestion."))
        .optional("reason", Schemas.REASON)
        .optional("novelty", Schemas.NOVELTY)
        .required("predictions", Schemas.PREDICTIONS)
        .required("model", Schemas.MODEL)
        .optional("explanation", Explanation.SCHEMA)
        .named("Classification");
  }

  @Override
  public Answer answer(Request request) throws ProblemException, IOException {
    boolean explain = request.flag("explain");
    String form = Accept.best(request, explain ? List.of(JSON, PNG) : List.of(JSON));
    byte[] image = sentImage.of(request);
    try (Lease model = models.acquire(FIRST_MODEL)) {
      int top = top(request, model.manifest().classes().size());
      if (form.equals(PNG)) {
        Pixels photo = HeatMap.photo(decoder, image, model);
        return Answer.of(PNG, HeatMap.png(photo, model, Explanation.of(photo, model)));
      }
      Pixels pixels =
          decoder.decode(
              image, model.manifest().input().width(), model.manifest().input().height());
      Batch batch = model.newBatch(1);
      batch.add(pixels);
      ObjectNode json = json(model.classify(batch).of(0).top(top), model.manifest());
      if (explain) {
        json.set("explanation", Explanation.of(pixels, model).json());
      }
      return Answer.json(json);
    } catch (ModelUnavailableException e) {
      throw Problem.unavailable(String.valueOf(e.getMessage())).exception();
    } catch (UndecodableImageException e) {
      throw SentImage.problem(request, e).exception();
    }
  }

  private static int top(Request request, int classes) throws ProblemException {
    return request.integer("top", Math.min(TOP, classes), 1, classes);
  }

  private static ObjectNode json(Classification classification, Manifest manifest) {
    ObjectNode json = Answer.JSON.createObjectNode();
    json.put("label", classification.label())
        .put("confidence", classification.confidence())
        .put("review", classification.review());
    classification.reason().ifPresent(reason -> json.put("reason", reason.code()));
    classification.novelty().ifPresent(novelty -> json.put("novelty", novelty));
    ArrayNode predictions = json.putArray("predictions");
    classification
        .predictions()
        .forEach(
            p -> predictions.addObject().put("label", p.label()).put("confidence", p.confidence()));
    json.putObject("model").put("name", manifest.name()).put("version", manifest.version().value());
    return json;
  }
}
