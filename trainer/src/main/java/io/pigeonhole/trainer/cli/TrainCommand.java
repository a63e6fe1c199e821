package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.ProgramCommand;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.Training;
import io.pigeonhole.trainer.artifact.ArtifactWriter;
import io.pigeonhole.trainer.artifact.Base;
import io.pigeonhole.trainer.artifact.TemporaryFolder;
import io.pigeonhole.trainer.base.CovariancePooling;
import io.pigeonhole.trainer.base.KnownBase;
import io.pigeonhole.trainer.checkpoint.CheckpointStore;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.data.InvalidDataException;
import io.pigeonhole.trainer.network.Gpus;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.Start;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.recipe.BaseGraph;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.training.DivergedException;
import io.pigeonhole.trainer.training.History;
import io.pigeonhole.trainer.training.StoppedException;
import io.pigeonhole.trainer.transfer.TransferRun;
import java.io.IOException;
import java.util.Optional;
import org.tensorflow.TensorFlow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pigeonhole train}. */
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
      "  pigeonhole train --out models",
      "      fetches CIFAR-10, trains for some minutes, publishes into the folder 'models'",
      "  pigeonhole train --data cifar-10-batches-bin --recipe tutorial --out models",
      "  pigeonhole train --data photos --name photos --out models",
      "      learns the folders in 'photos' as classes",
      "  pigeonhole train --data plants/train.csv --name plants --out models",
      "      learns the files and labels that the list has",
      "  pigeonhole train --data photos --name photos --out models --base mobilenet-v2",
      "      the same for a few images a class, with what another network has learned",
      "  AWS_ENDPOINT_URL_S3=http://localhost:9000 pigeonhole train --out s3://models"
    })
public final class TrainCommand extends ProgramCommand {

  private static final String TRANSFER = "transfer";

  /** Images a class up to which a network of others knows more than can be learned from them. */
  private static final int FEW_A_CLASS = 500;

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
          InterruptedException {
    Optional<Beginning> beginning =
        baseOption.beginning(
            new BaseOption.Places(
                destination::repository,
                destination::store,
                destination.place(),
                data.cache(),
                out()));
    if (!options.isNamed()) { // asking for GPUs would decide the threads of any recipe
      options.otherwise(recipeFor(beginning));
    }
    Recipe chosen = options.recipe(); // a mistake in it is told before anything is fetched
    requireFit(chosen, beginning);
    requireDestination();
    TrainingGraph.claimThreads(chosen, options.threads());
    try {
      return trained(chosen, beginning);
    } catch (StoppedException e) {
      return ExitCode.FAILED; // told already
    }
  }

  private int trained(Recipe chosen, Optional<Beginning> beginning)
      throws IOException,
          InvalidDataException,
          InvalidManifestException,
          ModelRefusedException,
          DivergedException,
          StoppedException,
          InterruptedException {
    Steps steps = new Steps(data.cache(), destination, checkpoints, out(), err());
    if (beginning.isPresent() && beginning.get() instanceof Beginning.OfOthers others) {
      BaseGraph base = others.graph();
      Recipe onBase = chosen.on(base);
      Dataset dataset = dataset(onBase);
      if (chosen.takesCovariances()) {
        if (TransferRun.isFew(dataset.trainAndHeldOut().count())) {
          int side = onBase.size();
          onBase = chosen.on(others.with(() -> CovariancePooling.of(base, side)));
        } else {
          out()
              .printf(
                  "%,d images are many: a head is fitted to the base's own features, by"
                      + " cross-entropy%n",
                  dataset.trainAndHeldOut().count());
        }
      }
      return publish(
          new BaseTraining(options, data, steps, dataset, others.name()).train(onBase),
          beginning,
          dataset);
    }
    Optional<Base> base =
        beginning.map(each -> each instanceof Beginning.Published p ? p.base() : null);
    Optional<Start> start = base.isPresent() ? Optional.of(base.get().start()) : Optional.empty();
    Dataset dataset = dataset(chosen);
    if (base.isEmpty() && !data.isCifar() && isFew(dataset)) {
      out()
          .printf(
              "%d images are few to learn to see from: --base %s begins with what another network"
                  + " has learned%n",
              dataset.train().count(), KnownBase.all().get(0).name());
    }
    return publish(
        new NetworkTraining(options, steps, dataset, base, start).train(chosen),
        beginning,
        dataset);
  }

  private void requireDestination() throws IOException, InvalidManifestException {
    Shares.require(spec(), "--target-precision", targetPrecision);
    destination.require();
    if (!data.isCifar() && !destination.isNamed()) {
      throw wrong("--name is missing: what the model of these images is called");
    }
  }

  private Dataset dataset(Recipe recipe)
      throws IOException, InvalidDataException, InterruptedException {
    outliers = data.outliers(recipe.size(), ArtifactWriter.RESIZE, destination::s3);
    return data.toTrain(corrections, recipe.size(), ArtifactWriter.RESIZE, destination::s3, out());
  }

  private static boolean isFew(Dataset dataset) {
    return dataset.train().count() < (long) FEW_A_CLASS * dataset.train().classes().size();
  }

  private static String recipeFor(Optional<Beginning> beginning) {
    if (beginning.isEmpty()) {
      return Gpus.count() > 0 ? "accurate" : NetworkTraining.FAST;
    }
    return beginning.get() instanceof Beginning.Published published
        ? published.base().manifest().training().recipe()
        : TRANSFER;
  }

  private void requireFit(Recipe recipe, Optional<Beginning> beginning) {
    boolean features = beginning.isPresent() && beginning.get() instanceof Beginning.OfOthers;
    if (recipe.hasBase() && !features) {
      throw wrong(
          ("recipe '%s' begins with the features of another network: --base names it, such as"
                  + " --base %s ('pigeonhole bases' lists them)")
              .formatted(recipe.name(), KnownBase.all().get(0).name()));
    }
    if (features && !recipe.hasBase()) {
      throw wrong(
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
      throw wrong("--precision is bfloat16; a base computes in float32");
    }
    if (options.hasEpochs() && !recipe.fineTunes()) {
      throw wrong(
          "--epochs is for recipes with steps; '%s' fits its head until it no longer gets better"
              .formatted(recipe.name()));
    }
  }

  private int publish(Done done, Optional<Beginning> beginning, Dataset dataset)
      throws IOException, InvalidManifestException, ModelRefusedException {
    TemporaryFolder folder = new TemporaryFolder(); // stays if it cannot be published
    Manifest manifest =
        new ArtifactWriter(destination.name(), targetPrecision, weights)
            .write(
                done.recipe(),
                text(beginning),
                done.trained(),
                done.scored(),
                dataset,
                outliers,
                training(done, dataset),
                folder.path());
    Summary.print(manifest, out());
    if (outliers.isPresent() && manifest.calibration().novelty().isEmpty()) {
      out().println("--outliers: the held-out images are too few, or too alike, to tell others by");
    }
    int code = destination.publish(manifest, folder, dataset.test(), out());
    done.kept().forEach(CheckpointStore::clear);
    return code;
  }

  /** The recipe as the report shows it. */
  private String text(Optional<Beginning> beginning) throws IOException {
    return beginning.map(each -> "# --base " + each.name() + "\n").orElse("") + options.text();
  }

  private Training training(Done done, Dataset dataset) {
    History history = done.trained().history();
    return new Training(
        done.recipe().name(),
        datasetName.orElseGet(data::name),
        dataset.sha256(),
        dataset.train().count(),
        options.seed(done.recipe()),
        history.epochs().size(),
        history.seconds(),
        Device.description(done.precision()),
        TensorFlow.version());
  }
}
