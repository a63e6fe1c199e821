package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.trainer.artifact.TemporaryFolder;
import io.pigeonhole.trainer.evaluation.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model in a folder, asked without any API. */
record LocalModel(Manifest manifest, Classifier classifier, ImageDecoder decoder)
    implements Labeler {
  private static final int TOP = 5;

  /**
   * Loads a model.
   *
   * @param place a models bucket as a folder, or the folder of a version
   * @param name of the model in the bucket
   */
  static LocalModel load(Path place, String name)
      throws IOException, InvalidManifestException, ModelRefusedException {
    Path own = place.resolve("manifest.json");
    if (Files.isRegularFile(own)) {
      Manifest manifest = Manifest.parse(Files.readAllBytes(own));
      return of(manifest, place);
    }
    ModelRepository repository = new ModelRepository(new FolderModelStore(place), name);
    Manifest manifest =
        repository
            .current()
            .orElseThrow(
                () -> new IOException("%s has no model '%s' in service".formatted(place, name)))
            .manifest();
    try (TemporaryFolder folder = new TemporaryFolder()) {
      repository.download(manifest, folder.path());
      return of(manifest, folder.path());
    }
  }

  private static LocalModel of(Manifest manifest, Path folder)
      throws IOException, ModelRefusedException {
    return new LocalModel(
        manifest, Classifier.load(manifest, folder), new ImageDecoder(ImageLimits.DEFAULT));
  }

  @Override
  public JsonNode label(LocalFile image) throws IOException {
    Classification classification;
    try {
      classification =
          Classification.of(manifest, classifier.answer(decoder, image.bytes())).top(TOP);
    } catch (UndecodableImageException e) {
      throw new IOException(e.getMessage(), e);
    }
    ObjectNode json =
        Api.JSON
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
    json.putObject("model").put("name", manifest.name()).put("version", manifest.version().value());
    return json;
  }

  @Override
  public void close() {
    decoder.close();
    classifier.close();
  }
}
