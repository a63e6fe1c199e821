package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.Training;
import io.pigeonhole.trainer.artifact.ArtifactWriter;
import io.pigeonhole.trainer.artifact.Base;
import io.pigeonhole.trainer.artifact.TemporaryFolder;
import io.pigeonhole.trainer.checkpoint.CheckpointStore;
import io.pigeonhole.trainer.checkpoint.RunId;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.data.InvalidDataException;
import io.pigeonhole.trainer.network.Gpus;
import io.pigeonhole.trainer.network.MachineTrial;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.Start;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.training.Checkpoint;
import io.pigeonhole.trainer.training.DivergedException;
import io.pigeonhole.trainer.training.History;
import io.pigeonhole.trainer.training.StoppedException;
import io.pigeonhole.trainer.training.Trained;
import io.pigeonhole.trainer.training.TrainingRun;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.tensorflow.TensorFlow;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trainer train}. */
@Command(
    name = "train",
    description = {
      "Trains a network, measures it on test images, and publishes it.",
      "",
      "One training image in twenty is held out: the confidences are calibrated on those. The"
          + " figures in the manifest are those of the exported model on the test images."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  trainer train --out models",
      "      fetches CIFAR-10, trains for some minutes, publishes into the folder 'models'",
      "  trainer train --data cifar-10-batches-bin --recipe tutorial --out models",
      "  trainer train --data photos --name photos --out models",
      "      learns the folders in 'photos' as classes",
      "  AWS_ENDPOINT_URL_S3=http://localhost:9000 trainer train --out s3://models"
    })
final class TrainCommand extends TrainerCommand {

  private static final String FAST = "fast";
  private static final String SMALLER = "fast-small";

  /** What people wait for without having been told. */
  private static final double PATIENCE_MINUTES = 10;

  @Mixin private DataOptions data;

  @Mixin private RecipeOptions options;

  @Mixin private Destination destination;

  @Mixin private CheckpointOptions checkpoints;

  @Mixin private BaseOption baseOption;

  @Option(
      names = "--target-precision",
      paramLabel = "SHARE",
      defaultValue = "0.95",
      description = {
        "Labels whose confidence is above the model's threshold are to be right this often; the"
            + " threshold is chosen for it (default: ${DEFAULT-VALUE})."
      })
  private double targetPrecision;

  @Option(
      names = "--weights",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Also publish the weights as a file, for training on (default: yes).")
  private boolean weights;

  @Option(
      names = "--dataset-name",
      paramLabel = "TEXT",
      description = "What the manifest calls the images (default: CIFAR-10, or the folder's name).")
  private Optional<String> datasetName;

  @Option(
      names = "--corrections",
      paramLabel = "PLACE",
      description = {
        "The results bucket, s3://bucket[/prefix]: images whose label a person has corrected there"
            + " are trained on, too, with that label, whatever folder they are in. A new class is"
            + " learned from ten images on."
      })
  private Optional<String> corrections;

  @Override
  public Integer call()
      throws IOException,
          InvalidDataException,
          InvalidManifestException,
          ModelRefusedException,
          DivergedException,
          StoppedException,
          InterruptedException {
    Optional<Base> base = baseOption.base(destination::repository);
    if (!options.isNamed()) { // asking for GPUs would decide the threads of any recipe
      options.otherwise(
          base.map(each -> each.manifest().training().recipe())
              .orElseGet(() -> Gpus.count(options.threads()) > 0 ? "accurate" : FAST));
    }
    Recipe chosen = options.recipe(); // a mistake in it is told before anything is fetched
    TrainingGraph.claimThreads(chosen, options.threads());
    Optional<Start> start = base.isPresent() ? Optional.of(base.get().start()) : Optional.empty();
    Shares.require(spec(), "--target-precision", targetPrecision);
    destination.require();
    if (!data.isCifar() && !destination.isNamed()) {
      throw new CommandLine.ParameterException(
          spec().commandLine(), "--name is missing: what the model of these images is called");
    }
    Dataset dataset =
        data.toTrain(
            corrections, options.recipe().size(), ArtifactWriter.RESIZE, destination::s3, out());
    Plan plan = plan(options.recipe(), dataset, base, start);
    boolean byDefault = !options.isNamed() && base.isEmpty() && chosen.name().equals(FAST);
    if (byDefault && plan.minutes() > PATIENCE_MINUTES && !plan.begun()) {
      options.otherwise(SMALLER);
      out()
          .printf(
              "recipe '%s' would take about %.0f minutes here, so '%s' is taken; --recipe %s for"
                  + " the other%n",
              FAST, plan.minutes(), SMALLER, FAST);
      plan = plan(options.recipe(), dataset, base, start);
    }
    String recipeText =
        base.map(each -> "# --base " + name(each) + "\n").orElse("") + options.text();
    CheckpointStore kept = plan.kept();
    TrainingRun run = plan.run();
    Trained trained = train(plan);
    TemporaryFolder folder = new TemporaryFolder(); // stays if it cannot be published
    Manifest manifest =
        new ArtifactWriter(destination.name(), targetPrecision, weights)
            .write(
                run.recipe(),
                recipeText,
                trained,
                dataset,
                training(run, dataset, trained.history()),
                folder.path());
    Summary.print(manifest, out());
    int code = destination.publish(manifest, folder, dataset.test(), out());
    kept.clear();
    return code;
  }

  private static String name(Base base) {
    return base.manifest().name() + " " + base.manifest().version();
  }

  /** Small sets of images have small batches. */
  private Recipe fitting(Recipe recipe, Images images) {
    if (images.count() >= recipe.batch()) {
      return recipe;
    }
    int batch = Math.max(1, Integer.highestOneBit(images.count() / 2));
    out().printf("batches of %d images instead of %d%n", batch, recipe.batch());
    return recipe.withBatch(batch);
  }

  /**
   * What is going to be done.
   *
   * @param kept its checkpoints
   * @param begun whether there is one
   * @param trial of its recipe on this machine
   */
  private record Plan(TrainingRun run, CheckpointStore kept, boolean begun, MachineTrial trial) {

    /** Those of the whole run; on GPUs, they cannot be told beforehand. */
    double minutes() {
      long shown = (long) run.stepsPerEpoch() * run.recipe().batch();
      return Gpus.count() > 0 ? 0 : trial.minutes(run.recipe(), shown, run.precision());
    }
  }

  private Plan plan(Recipe named, Dataset dataset, Optional<Base> base, Optional<Start> start)
      throws IOException {
    Recipe recipe = fitting(named, dataset.train());
    boolean half = !options.askedPrecision(recipe).equals(Optional.of(Precision.FLOAT32));
    MachineTrial trial =
        RememberedTrial.of(
            recipe.forClasses(dataset.train().classes().size()),
            options.threads(),
            half,
            data.cache());
    TrainingRun run =
        new TrainingRun(
            recipe,
            dataset.train(),
            dataset.heldOut(),
            options.precision(recipe, trial, Optional.empty()),
            options.seed(recipe),
            options.threads(),
            start);
    RunId id = RunId.of(run, dataset.sha256(), base.map(TrainCommand::name).orElse(""));
    CheckpointStore kept =
        checkpoints.of(id, destination.name(), data.cache(), destination.remote(), err());
    Optional<Checkpoint> last = kept.latest();
    Precision precision = options.precision(recipe, trial, last.flatMap(Checkpoint::precision));
    return new Plan(run.in(precision), kept, last.isPresent(), trial);
  }

  private Trained train(Plan plan)
      throws InterruptedException, DivergedException, StoppedException {
    TrainingRun run = plan.run();
    boolean half = run.precision() == Precision.BFLOAT16;
    out()
        .printf(
            "precision %s: %s %s%n",
            run.precision().name().toLowerCase(Locale.ROOT),
            half ? "it" : "bfloat16",
            plan.trial().finding());
    out()
        .printf(
            "recipe '%s': %d images, %d epochs of %d steps%s%n",
            run.recipe().name(),
            run.images().count(),
            run.recipe().epochs(),
            run.stepsPerEpoch(),
            plan.minutes() < 2 ? "" : ", about %.0f minutes".formatted(plan.minutes()));
    out().flush();
    try (StopSignal signal = new StopSignal()) {
      return train(run, plan.kept(), signal);
    }
  }

  private Trained train(TrainingRun run, CheckpointStore kept, StopSignal signal)
      throws InterruptedException, DivergedException, StoppedException {
    try (Progress progress = Progress.of(run, out(), signal::stopping)) {
      return run.run(progress, kept);
    } catch (StoppedException e) {
      err().println("trainer: " + e.getMessage()); // now: the process ends with the signal's close
      err().flush();
      throw e;
    }
  }

  private Training training(TrainingRun run, Dataset dataset, History history) {
    return new Training(
        run.recipe().name(),
        datasetName.orElseGet(data::name),
        dataset.sha256(),
        run.images().count(),
        run.seed(),
        history.epochs().size(),
        history.seconds(),
        Device.description(run.precision()),
        TensorFlow.version());
  }
}
