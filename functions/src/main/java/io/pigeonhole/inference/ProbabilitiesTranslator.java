package io.pigeonhole.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.pigeonhole.model.Manifest;

/** A batch in, one row of probabilities an image out: the whole batch is one tensor. */
final class ProbabilitiesTranslator implements NoBatchifyTranslator<Batch, float[][]> {
  private final Manifest manifest;

  ProbabilitiesTranslator(Manifest manifest) {
    this.manifest = manifest;
  }

  @Override
  public NDList processInput(TranslatorContext context, Batch batch) {
    context.setAttachment("images", batch.size());
    return new NDList(batch.toArray(context.getNDManager()));
  }

  @Override
  public float[][] processOutput(TranslatorContext context, NDList outputs)
      throws TranslateException {
    NDArray probabilities = outputs.get(manifest.output().tensor());
    int images = (Integer) context.getAttachment("images");
    int classes = manifest.classes().size();
    Shape expected = new Shape(images, classes);
    if (!probabilities.getShape().equals(expected)
        || probabilities.getDataType() != DataType.FLOAT32) {
      throw new TranslateException(
          "the network answers %s %s, expected float32 %s"
              .formatted(probabilities.getDataType(), probabilities.getShape(), expected));
    }
    float[] flat = probabilities.toFloatArray();
    float[][] rows = new float[images][classes];
    for (int i = 0; i < images; i++) {
      System.arraycopy(flat, i * classes, rows[i], 0, classes);
    }
    return rows;
  }
}
