package io.pigeonhole.trainer.artifact;

import io.pigeonhole.image.Resize;
import io.pigeonhole.model.Calibration;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.model.Output;
import io.pigeonhole.model.ProbeAnswers;
import io.pigeonhole.model.Training;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.Classifier;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.evaluation.OutlierEvaluation;
import io.pigeonhole.trainer.evaluation.TemperatureScaling;
import io.pigeonhole.trainer.evaluation.Threshold;
import io.pigeonhole.trainer.network.Novelty;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.SavedModelExport;
import io.pigeonhole.trainer.network.ServingGraph;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.network.WeightsFile;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.report.Measured;
import io.pigeonhole.trainer.report.Report;
import io.pigeonhole.trainer.training.Scored;
import io.pigeonhole.trainer.training.Trained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tensorflow.TensorFlow;

/**
 * Turns trained weights into a model version in a folder: the SavedModel, the weights, a report,
 * and a manifest whose figures come from the SavedModel itself, loaded as the functions load it.
 *
 * @param name of the model
 * @param targetPrecision that labels above the threshold are to reach, 0 to 1
 * @param keepWeights whether the weights are kept as a file of their own, for training on
 */
public record ArtifactWriter(String name, double targetPrecision, boolean keepWeights) {

  /** Where the weights are in a version's folder. */
  static final String WEIGHTS = "weights/weights.safetensors";

  /** The page for people. */
  private static final String REPORT = "report.html";

  /** How images of another size are brought to the network's, in training and serving. */
  public static final Resize RESIZE = Resize.CROP;

  private static final int BATCH = 128;

  /** Images at a time of networks whose images are large. */
  private static final int FEW = 32;

  /** Images that tell whether two bytes a value are enough. */
  private static final int LOOK = 500;

  /** Part of the labels that may get wrong by it. */
  private static final double MOST_LOST = 0.002;

  private static final String PROBABILITIES = "probabilities";

  /**
   * Writes a version.
   *
   * @param recipe of the run
   * @param recipeText as its file has it, for the report
   * @param trained what the run ended with
   * @param scored images that calibrate, and what networks scored them that were trained on others;
   *     without them, the held-out images calibrate
   * @param dataset whose test images measure
   * @param outliers images of none of the classes, to measure with
   * @param training what the manifest says of the run
   * @param folder empty
   * @return the manifest, which is in the folder, too
   */
  public Manifest write(
      Recipe recipe,
      String recipeText,
      Trained trained,
      Optional<Scored> scored,
      Dataset dataset,
      Optional<Images> outliers,
      Training training,
      Path folder)
      throws IOException, ModelRefusedException {
    Path savedModel = folder.resolve(Manifest.SAVED_MODEL);
    Scored calibrating =
        scored.orElseGet(() -> scored(recipe, trained.weights(), dataset.heldOut()));
    double temperature =
        TemperatureScaling.fit(calibrating.scores(), calibrating.images().labels());
    boolean half =
        !recipe.hasBase() || isHalfEnough(recipe, trained.weights(), calibrating.images());
    Optional<Novelty> novelty = calibrating.novelty();
    try (ServingGraph graph =
        new ServingGraph(
            recipe, trained.weights(), temperature, Precision.FLOAT32, half, novelty)) {
      SavedModelExport.write(graph, savedModel, TensorFlow.version());
    }
    List<ModelFile> files = new ArrayList<>();
    files.add(ModelFile.of(folder, savedModel));
    if (keepWeights && !recipe.hasBase()) { // of a base, the graph is what others begin with
      Path file = folder.resolve(WEIGHTS);
      Files.createDirectories(file.getParent());
      WeightsFile.write(recipe, trained.weights(), file);
      files.add(ModelFile.of(folder, file));
    }
    Input input = input(recipe);
    Output output = new Output(PROBABILITIES, novelty.map(each -> SavedModelExport.NOVELTY));
    int classes = dataset.test().classes().size();
    try (Classifier classifier = Classifier.load(input, output, classes, folder)) {
      Measured heldOut =
          scored.isEmpty()
              ? measured(classifier, dataset.heldOut())
              : new Measured(
                  calibrating.images(),
                  TemperatureScaling.probabilities(calibrating.scores(), temperature),
                  calibrating.novelties());
      Measured test = measured(classifier, dataset.test());
      Optional<Measured> strange =
          novelty.isEmpty()
              ? Optional.empty()
              : outliers.map(images -> measured(classifier, images));
      float[][] probes = classifier.probes();
      Manifest unmeasured =
          manifest(files, input, output, temperature, heldOut, test, probes, training);
      Manifest unreported =
          strange
              .map(each -> OutlierEvaluation.of(unmeasured, test.answers(), each.answers()))
              .map(each -> unmeasured.with(unmeasured.metrics().with(each)))
              .orElse(unmeasured);
      Report report =
          new Report(
              unreported,
              recipe,
              recipeText,
              trained.history(),
              heldOut,
              test,
              strange,
              dataset.skipped());
      Path page = Files.writeString(folder.resolve(REPORT), report.html());
      files.add(ModelFile.of(folder, page));
      Manifest manifest = unreported.withFiles(files);
      Files.write(folder.resolve("manifest.json"), manifest.toJson());
      return manifest;
    }
  }

  /**
   * Whether kernels in two bytes a value label as well as in four. Of a network of others nobody
   * knows beforehand.
   */
  private static boolean isHalfEnough(Recipe recipe, Weights weights, Images images) {
    Images some = images.slice(0, Math.min(LOOK, images.count()));
    return accuracy(recipe, weights, some, true)
        >= accuracy(recipe, weights, some, false) - MOST_LOST;
  }

  private static double accuracy(Recipe recipe, Weights weights, Images images, boolean half) {
    try (ServingGraph graph = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, half)) {
      return Evaluation.accuracy(graph.scores(images, FEW), images.labels());
    }
  }

  private static Measured measured(Classifier classifier, Images images) {
    return Measured.of(images, classifier.answers(images));
  }

  private static Input input(Recipe recipe) {
    return Input.uint8("images", recipe.size(), recipe.size(), Images.CHANNELS, RESIZE);
  }

  private static Scored scored(Recipe recipe, Weights weights, Images heldOut) {
    try (ServingGraph graph = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, true)) {
      ServingGraph.Rows rows = graph.rows(heldOut, BATCH);
      return new Scored(heldOut, rows.scores(), Novelty.byScores(rows.likeness()), new float[0]);
    }
  }

  private Manifest manifest(
      List<ModelFile> files,
      Input input,
      Output output,
      double temperature,
      Measured heldOut,
      Measured test,
      float[][] probes,
      Training training) {
    List<String> classes = test.images().classes();
    Threshold threshold =
        Threshold.of(heldOut.ofKnown(Novelty.UNKNOWN), heldOut.images().labels(), targetPrecision);
    OptionalDouble level =
        output.novelty().isPresent() ? OptionalDouble.of(Novelty.UNKNOWN) : OptionalDouble.empty();
    Instant now = Instant.now();
    return new Manifest(
        name,
        ModelVersion.of(now, files.get(0).sha256()),
        now,
        files,
        classes,
        input,
        output,
        new Calibration(
            temperature, threshold.confidence(), targetPrecision, threshold.coverage(), level),
        Evaluation.of(test.probabilities(), test.images().labels(), classes, temperature),
        ProbeAnswers.rounded(probes),
        training);
  }
}
