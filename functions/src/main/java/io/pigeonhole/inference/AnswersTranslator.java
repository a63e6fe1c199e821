package io.pigeonhole.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.pigeonhole.model.Answer;
import io.pigeonhole.model.Manifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A batch in, one answer an image out: the whole batch is one tensor. */
final class AnswersTranslator implements NoBatchifyTranslator<Batch, List<Answer>> {
  private final Manifest manifest;

  AnswersTranslator(Manifest manifest) {
    this.manifest = manifest;
  }

  @Override
  public NDList processInput(TranslatorContext context, Batch batch) {
    context.setAttachment("images", batch.size());
    return new NDList(batch.toArray(context.getNDManager()));
  }

  @Override
  public List<Answer> processOutput(TranslatorContext context, NDList outputs)
      throws TranslateException {
    int images = (Integer) context.getAttachment("images");
    int classes = manifest.classes().size();
    float[] probabilities = floats(outputs, manifest.output().tensor(), new Shape(images, classes));
    Optional<String> key = manifest.output().novelty();
    float[] novelties =
        key.isPresent() ? floats(outputs, key.get(), new Shape(images)) : new float[0];
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      answers.add(
          new Answer(
              Arrays.copyOfRange(probabilities, i * classes, (i + 1) * classes),
              key.isPresent() ? Optional.of(novelties[i]) : Optional.empty()));
    }
    return answers;
  }

  private static float[] floats(NDList outputs, String key, Shape expected)
      throws TranslateException {
    NDArray found = outputs.get(key);
    if (!found.getShape().equals(expected) || found.getDataType() != DataType.FLOAT32) {
      throw new TranslateException(
          "the network answers %s %s as %s, expected float32 %s"
              .formatted(found.getDataType(), found.getShape(), key, expected));
    }
    return found.toFloatArray();
  }
}
