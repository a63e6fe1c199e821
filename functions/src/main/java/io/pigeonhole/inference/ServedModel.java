package io.pigeonhole.inference;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.tensorflow.engine.javacpp.JavacppUtils;
import ai.djl.translate.TranslateException;
import io.pigeonhole.model.Answer;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ProbeAnswers;
import io.pigeonhole.model.ProbeImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.tensorflow.proto.ConfigProto;

/**
 * A model in memory. It counts who uses it, and frees its native memory when the last one has left
 * and it is no longer in service.
 */
final class ServedModel {
  private static final float SUM_TOLERANCE = 1e-3f;

  private final Manifest manifest;
  private final Model model;

  /** One for being in service, one for each lease; at 0 it is closed and stays so. */
  private final AtomicInteger users = new AtomicInteger(1);

  private ServedModel(Manifest manifest, Model model) {
    this.manifest = manifest;
    this.model = model;
  }

  /**
   * Loads a SavedModel and asks it once, for its probe images.
   *
   * @param folder may be deleted afterwards
   * @param tolerance how far its answers may be from the manifest's
   * @throws ModelRefusedException if TensorFlow cannot load it, or it does not answer as the
   *     manifest says
   */
  static ServedModel load(Path folder, Manifest manifest, double tolerance)
      throws IOException, ModelRefusedException {
    Model model = Model.newInstance(manifest.name(), TensorFlowEngine.NAME);
    ServedModel served = new ServedModel(manifest, model);
    try {
      model.load(folder, Manifest.SAVED_MODEL, Map.of("ConfigProto", config()));
      served.probe(tolerance);
      return served;
    } catch (MalformedModelException | RuntimeException e) {
      served.release();
      throw new ModelRefusedException("TensorFlow cannot load it: " + e.getMessage(), e);
    } catch (IOException | ModelRefusedException e) {
      served.release();
      throw e;
    }
  }

  private static ConfigProto config() {
    return JavacppUtils.getSessionConfig().toBuilder()
        .setGraphOptions(FrozenGraph.options())
        .build();
  }

  Manifest manifest() {
    return manifest;
  }

  /** Takes part in using it; false if it is closed. Each true needs a {@link #release}. */
  boolean retain() {
    return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      model.close();
    }
  }

  /** One forward pass: an answer for each row of the batch. */
  List<Answer> answers(Batch batch) throws TranslateException {
    try (Predictor<Batch, List<Answer>> predictor =
        model.newPredictor(new AnswersTranslator(manifest))) {
      return predictor.predict(batch);
    }
  }

  private void probe(double tolerance) throws ModelRefusedException {
    Batch batch = new Batch(manifest.input(), ProbeImages.COUNT);
    ProbeImages.of(batch.height(), batch.width()).forEach(batch::add);
    try {
      List<Answer> answers = answers(batch);
      ProbeAnswers.check(
          manifest, answers.stream().map(Answer::probabilities).toArray(float[][]::new), tolerance);
      for (Answer answer : answers) {
        requireProbabilities(answer.probabilities());
        requireNovelty(answer.novelty());
      }
    } catch (TranslateException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ModelRefusedException("it fails on a probe image: " + cause.getMessage(), e);
    }
  }

  private static void requireProbabilities(float[] row) throws ModelRefusedException {
    float sum = 0;
    for (float probability : row) {
      if (!Classification.isShare(probability)) {
        throw new ModelRefusedException(
            "it answers a probe image with " + probability + ", which is no probability");
      }
      sum += probability;
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      throw new ModelRefusedException(
          "it answers a probe image with probabilities that sum to " + sum + ", expected 1");
    }
  }

  private static void requireNovelty(Optional<Float> novelty) throws ModelRefusedException {
    if (novelty.isPresent() && !Classification.isShare(novelty.get())) {
      throw new ModelRefusedException(
          "it answers a probe image with the novelty " + novelty.get() + ", expected 0 to 1");
    }
  }
}
