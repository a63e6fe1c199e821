package io.pigeonhole.program;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.client.Labeler;
import io.pigeonhole.client.LocalFile;
import io.pigeonhole.command.Json;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.model.Classification;
import io.pigeonhole.trainer.cli.ModelOptions;
import java.io.IOException;

/**
 * A model that is asked without any API.
 *
 * @param top how many predictions an answer has
 */
record LocalModel(ModelOptions.Loaded model, ImageDecoder decoder, int top) implements Labeler {

  /** Decodes images as the functions do it. */
  LocalModel(ModelOptions.Loaded model, int top) {
    this(model, new ImageDecoder(ImageLimits.DEFAULT), top);
  }

  @Override
  public JsonNode label(LocalFile image) throws IOException {
    Classification classification;
    try {
      classification =
          Classification.of(model.manifest(), model.classifier().answer(decoder, image.bytes()))
              .top(top);
    } catch (UndecodableImageException e) {
      throw new IOException(e.getMessage(), e);
    }
    ObjectNode json =
        Json.MAPPER
            .createObjectNode()
            .put("label", classification.label())
            .put("confidence", classification.confidence())
            .put("review", classification.review());
    classification.reason().ifPresent(reason -> json.put("reason", reason.code()));
    classification.novelty().ifPresent(novelty -> json.put("novelty", novelty));
    ArrayNode predictions = json.putArray("predictions");
    classification
        .predictions()
        .forEach(
            p -> predictions.addObject().put("label", p.label()).put("confidence", p.confidence()));
    json.putObject("model")
        .put("name", model.manifest().name())
        .put("version", model.manifest().version().value());
    return json;
  }

  @Override
  public void close() {
    decoder.close();
    model.close();
  }
}
