package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.Training;
import io.pigeonhole.trainer.artifact.ArtifactWriter;
import io.pigeonhole.trainer.artifact.Base;
import io.pigeonhole.trainer.artifact.TemporaryFolder;
import io.pigeonhole.trainer.base.KnownBase;
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
import io.pigeonhole.trainer.training.Scored;
import io.pigeonhole.trainer.training.StoppedException;
import io.pigeonhole.trainer.training.Trained;
import io.pigeonhole.trainer.training.TrainingRun;
import io.pigeonhole.trainer.transfer.TransferRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
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
      "  trainer train --data plants/train.csv --name plants --out models",
      "      learns the files and labels that the list has",
      "  trainer train --data photos --name photos --out models --base mobilenet-v2",
      "      the same for a few images a class, with what another network has learned",
      "  AWS_ENDPOINT_URL_S3=http://localhost:9000 trainer train --out s3://models"
    })
final class TrainCommand extends TrainerCommand {

  private static final String FAST = "fast";
  private static final String SMALLER = "fast-small";
  private static final String TRANSFER = "transfer";

  /** Images a class up to which a network of others knows more than can be learned from them. */
  private static final int FEW_A_CLASS = 500;

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

  private Optional<Images> outliers = Optional.empty();

  @Override
  public Integer call()
      throws IOException,
          InvalidDataException,
          InvalidManifestException,
          ModelRefusedException,
          DivergedException,
          StoppedException,
          InterruptedException {
    Optional<Beginning> beginning =
        baseOption.beginning(
            new BaseOption.Places(
                destination::repository,
                destination::store,
                destination.place(),
                data.cache(),
                out()));
    Optional<Base> base =
        beginning.map(each -> each instanceof Beginning.Published p ? p.base() : null);
    if (!options.isNamed()) { // asking for GPUs would decide the threads of any recipe
      options.otherwise(recipeFor(beginning));
    }
    Recipe chosen = options.recipe(); // a mistake in it is told before anything is fetched
    requireFit(chosen, beginning);
    requireDestination();
    TrainingGraph.claimThreads(chosen, options.threads());
    if (beginning.isPresent() && beginning.get() instanceof Beginning.OfOthers others) {
      Recipe onBase = chosen.on(others.graph());
      return head(onBase, others.name(), dataset(onBase));
    }
    Optional<Start> start = base.isPresent() ? Optional.of(base.get().start()) : Optional.empty();
    return network(chosen, base, start, dataset(chosen));
  }

  private void requireDestination() throws IOException, InvalidManifestException {
    Shares.require(spec(), "--target-precision", targetPrecision);
    destination.require();
    if (!data.isCifar() && !destination.isNamed()) {
      throw new CommandLine.ParameterException(
          spec().commandLine(), "--name is missing: what the model of these images is called");
    }
  }

  private Dataset dataset(Recipe recipe)
      throws IOException, InvalidDataException, InterruptedException {
    outliers = data.outliers(recipe.size(), ArtifactWriter.RESIZE, destination::s3);
    return data.toTrain(corrections, recipe.size(), ArtifactWriter.RESIZE, destination::s3, out());
  }

  /** The recipe as the report shows it. */
  private String text(Optional<String> base) throws IOException {
    return base.map(name -> "# --base " + name + "\n").orElse("") + options.text();
  }

  private int network(Recipe chosen, Optional<Base> base, Optional<Start> start, Dataset dataset)
      throws IOException,
          InvalidManifestException,
          ModelRefusedException,
          DivergedException,
          StoppedException,
          InterruptedException {
    if (base.isEmpty() && !data.isCifar() && isFew(dataset)) {
      out()
          .printf(
              "%d images are few to learn to see from: --base %s begins with what another network"
                  + " has learned%n",
              dataset.train().count(), KnownBase.all().get(0).name());
    }
    Plan plan = patient(plan(chosen, dataset, base, start), dataset, base, start);
    Trained trained = train(plan);
    TrainingRun run = plan.run();
    int code =
        finish(
            run.recipe(),
            text(base.map(TrainCommand::name)),
            trained,
            Optional.empty(),
            dataset,
            run.precision());
    plan.kept().clear();
    return code;
  }

  /** By default, nobody waits for long without having been told. */
  private Plan patient(Plan plan, Dataset dataset, Optional<Base> base, Optional<Start> start)
      throws IOException {
    boolean byDefault =
        !options.isNamed() && base.isEmpty() && plan.run().recipe().name().equals(FAST);
    if (!byDefault || plan.minutes() <= PATIENCE_MINUTES || plan.begun()) {
      return plan;
    }
    options.otherwise(SMALLER);
    out()
        .printf(
            "recipe '%s' would take about %.0f minutes here, so '%s' is taken; --recipe %s for"
                + " the other%n",
            FAST, plan.minutes(), SMALLER, FAST);
    return plan(options.recipe(), dataset, base, start);
  }

  private static String recipeFor(Optional<Beginning> beginning) {
    if (beginning.isEmpty()) {
      return Gpus.count() > 0 ? "accurate" : FAST;
    }
    return beginning.get() instanceof Beginning.Published published
        ? published.base().manifest().training().recipe()
        : TRANSFER;
  }

  private void requireFit(Recipe recipe, Optional<Beginning> beginning) {
    boolean features = beginning.isPresent() && beginning.get() instanceof Beginning.OfOthers;
    if (recipe.hasBase() && !features) {
      throw new CommandLine.ParameterException(
          spec().commandLine(),
          ("recipe '%s' begins with the features of another network: --base names it, such as"
                  + " --base %s ('trainer bases' lists them)")
              .formatted(recipe.name(), KnownBase.all().get(0).name()));
    }
    if (features && !recipe.hasBase()) {
      throw new CommandLine.ParameterException(
          spec().commandLine(),
          "recipe '%s' does not begin with a base, as '%s' does; --base %s has no weights for it"
              .formatted(recipe.name(), TRANSFER, beginning.get().name()));
    }
    if (recipe.hasBase()) {
      requireMeaning(recipe);
    }
  }

  /** What the command line says otherwise must mean something. */
  private void requireMeaning(Recipe recipe) {
    if (options.askedPrecision(recipe).equals(Optional.of(Precision.BFLOAT16))) {
      throw new CommandLine.ParameterException(
          spec().commandLine(), "--precision is bfloat16; a base computes in float32");
    }
    if (options.hasEpochs() && !recipe.fineTunes()) {
      throw new CommandLine.ParameterException(
          spec().commandLine(),
          "--epochs is for recipes with steps; '%s' fits its head until it no longer gets better"
              .formatted(recipe.name()));
    }
  }

  private static boolean isFew(Dataset dataset) {
    return dataset.train().count() < (long) FEW_A_CLASS * dataset.train().classes().size();
  }

  private int head(Recipe named, String base, Dataset dataset)
      throws IOException,
          InvalidManifestException,
          ModelRefusedException,
          InterruptedException,
          DivergedException,
          StoppedException {
    Recipe recipe = named.fineTunes() ? fitting(named, dataset.train()) : named;
    TransferRun run =
        new TransferRun(recipe, dataset, options.seed(recipe), data.sets(), data.limit());
    out()
        .printf(
            "recipe '%s': %d images, and %d to choose by, of %d×%d%n",
            recipe.name(),
            dataset.train().count(),
            dataset.heldOut().count(),
            recipe.size(),
            recipe.size());
    out().flush();
    List<CheckpointStore> kept = new ArrayList<>();
    TransferRun.Outcome outcome;
    try (StopSignal signal = new StopSignal()) {
      outcome =
          run.run(
              new HeadProgress(
                  out(),
                  signal::stopping,
                  (tuned, part) -> {
                    CheckpointStore store = checkpointsOf(tuned, dataset, base + " " + part);
                    kept.add(store);
                    return train(tuned, store, signal);
                  }));
    } catch (StoppedException e) {
      if (kept.isEmpty()) { // else it is told already
        err().println("trainer: " + e.getMessage());
        err().flush();
      }
      throw e;
    }
    int code =
        finish(
            run.recipe(),
            text(Optional.of(base)),
            outcome.trained(),
            Optional.of(outcome.scored()),
            dataset,
            Precision.FLOAT32);
    kept.forEach(CheckpointStore::clear);
    return code;
  }

  private CheckpointStore checkpointsOf(TrainingRun run, Dataset dataset, String beginning) {
    try {
      return checkpoints.of(
          RunId.of(run, dataset.sha256(), beginning),
          destination.name(),
          data.cache(),
          destination.remote(),
          err());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int finish(
      Recipe recipe,
      String recipeText,
      Trained trained,
      Optional<Scored> scored,
      Dataset dataset,
      Precision precision)
      throws IOException, InvalidManifestException, ModelRefusedException {
    TemporaryFolder folder = new TemporaryFolder(); // stays if it cannot be published
    Manifest manifest =
        new ArtifactWriter(destination.name(), targetPrecision, weights)
            .write(
                recipe,
                recipeText,
                trained,
                scored,
                dataset,
                outliers,
                training(recipe, dataset, trained.history(), precision),
                folder.path());
    Summary.print(manifest, out());
    if (outliers.isPresent() && manifest.calibration().novelty().isEmpty()) {
      out().println("--outliers: the held-out images are too few, or too alike, to tell others by");
    }
    return destination.publish(manifest, folder, dataset.test(), out());
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
      long shown = (long) run.stepsPerEpoch() * (run.recipe().batch() + run.recipe().outliers());
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

  private Training training(Recipe recipe, Dataset dataset, History history, Precision precision) {
    return new Training(
        recipe.name(),
        datasetName.orElseGet(data::name),
        dataset.sha256(),
        dataset.train().count(),
        options.seed(recipe),
        history.epochs().size(),
        history.seconds(),
        Device.description(precision),
        TensorFlow.version());
  }
}
