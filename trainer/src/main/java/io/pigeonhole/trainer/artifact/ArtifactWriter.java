package io.pigeonhole.trainer.artifact;

import io.pigeonhole.image.Resize;
import io.pigeonhole.model.Calibration;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.model.Output;
import io.pigeonhole.model.Training;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.Classifier;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.evaluation.TemperatureScaling;
import io.pigeonhole.trainer.evaluation.Threshold;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.SavedModelExport;
import io.pigeonhole.trainer.network.ServingGraph;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.network.WeightsFile;
import io.pigeonhole.trainer.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.TensorFlow;

/**
 * Turns trained weights into a model version in a folder: the SavedModel, the weights, and a
 * manifest whose figures come from the SavedModel itself, loaded as the functions load it.
 *
 * @param name of the model
 * @param targetPrecision that labels above the threshold are to reach, 0 to 1
 * @param keepWeights whether the weights are kept as a file of their own, for training on
 */
public record ArtifactWriter(String name, double targetPrecision, boolean keepWeights) {

  /** Where the weights are in a version's folder. */
  static final String WEIGHTS = "weights/weights.safetensors";

  /** How images of another size are brought to the network's, in training and serving. */
  public static final Resize RESIZE = Resize.CROP;

  private static final int BATCH = 128;
  private static final Output OUTPUT = new Output("probabilities");

  /**
   * Writes a version.
   *
   * @param heldOut images that were not trained on, to calibrate with
   * @param test images that nothing was decided by, to measure with
   * @param folder empty
   * @return the manifest, which is in the folder, too
   */
  public Manifest write(
      Recipe recipe, Weights weights, Images heldOut, Images test, Training training, Path folder)
      throws IOException, ModelRefusedException {
    Path savedModel = folder.resolve(Manifest.SAVED_MODEL);
    double temperature = temperature(recipe, weights, heldOut);
    try (ServingGraph graph =
        new ServingGraph(recipe, weights, temperature, Precision.FLOAT32, true)) {
      SavedModelExport.write(graph, savedModel, TensorFlow.version());
    }
    List<ModelFile> files = new ArrayList<>();
    files.add(ModelFile.of(folder, savedModel));
    if (keepWeights) {
      Path file = folder.resolve(WEIGHTS);
      Files.createDirectories(file.getParent());
      WeightsFile.write(recipe, weights, file);
      files.add(ModelFile.of(folder, file));
    }
    Manifest manifest =
        measured(files, input(recipe), temperature, heldOut, test, training, folder);
    Files.write(folder.resolve("manifest.json"), manifest.toJson());
    return manifest;
  }

  private static Input input(Recipe recipe) {
    return Input.uint8("images", recipe.size(), recipe.size(), Images.CHANNELS, RESIZE);
  }

  private static double temperature(Recipe recipe, Weights weights, Images heldOut) {
    try (ServingGraph graph = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, true)) {
      return TemperatureScaling.fit(graph.scores(heldOut, BATCH), heldOut.labels());
    }
  }

  private Manifest measured(
      List<ModelFile> files,
      Input input,
      double temperature,
      Images heldOut,
      Images test,
      Training training,
      Path folder)
      throws IOException, ModelRefusedException {
    List<String> classes = test.classes();
    Instant now = Instant.now();
    try (Classifier classifier = Classifier.load(input, OUTPUT, classes.size(), folder)) {
      Threshold threshold =
          Threshold.of(classifier.probabilities(heldOut), heldOut.labels(), targetPrecision);
      Metrics metrics = Evaluation.of(classifier.probabilities(test), test.labels(), classes);
      return new Manifest(
          name,
          ModelVersion.of(now, files.get(0).sha256()),
          now,
          files,
          classes,
          input,
          OUTPUT,
          new Calibration(
              temperature, threshold.confidence(), targetPrecision, threshold.coverage()),
          metrics,
          training);
    }
  }
}
