package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.Training;
import io.pigeonhole.trainer.artifact.ArtifactWriter;
import io.pigeonhole.trainer.artifact.SameImages;
import io.pigeonhole.trainer.artifact.TemporaryFolder;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.InvalidDataException;
import io.pigeonhole.trainer.data.Split;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import io.pigeonhole.trainer.training.DivergedException;
import io.pigeonhole.trainer.training.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tensorflow.TensorFlow;
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
      "  AWS_ENDPOINT_URL_S3=http://localhost:9000 trainer train --out s3://models"
    })
final class TrainCommand extends TrainerCommand {

  @Mixin private DataOptions data;

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      defaultValue = "fast",
      description = {
        "What to train and how (default: ${DEFAULT-VALUE}): 'fast', the most accuracy for a"
            + " processor minute; 'tutorial', the small network that introductions begin with."
      })
  private String recipe;

  @Option(names = "--epochs", paramLabel = "N", description = "Other than the recipe's.")
  private Optional<Integer> epochs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed gives the same run (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--precision",
      paramLabel = "FORMAT",
      description = {
        "float32 or bfloat16; without it, bfloat16 on processors that multiply it (AMX,"
            + " AVX512-BF16)."
      })
  private Optional<Precision> precision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Processor threads; 0 for one a core (default).")
  private int threads;

  @Option(
      names = "--out",
      paramLabel = "PLACE",
      required = true,
      description = "The models bucket to publish to: a folder or s3://bucket[/prefix].")
  private String destination;

  @Mixin private BucketOptions bucket;

  @Option(
      names = "--promote",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Put the version into service if it is good enough (default: yes).")
  private boolean promote;

  @Option(
      names = "--margin",
      paramLabel = "SHARE",
      defaultValue = "0.005",
      description = {
        "How much lower than the accuracy in service is still good enough (default:"
            + " ${DEFAULT-VALUE})."
      })
  private double margin;

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
      defaultValue = "CIFAR-10",
      description = "What the manifest calls the images (default: ${DEFAULT-VALUE}).")
  private String datasetName;

  @Override
  public Integer call()
      throws IOException,
          InvalidDataException,
          InvalidManifestException,
          ModelRefusedException,
          DivergedException,
          InterruptedException {
    Recipe chosen = recipe();
    requireShare("--margin", margin);
    requireShare("--target-precision", targetPrecision);
    ModelRepository repository = bucket.repository(destination);
    repository.current(); // a bucket that cannot be read is to fail now, not after the training
    requireWritable();
    Dataset dataset = data.read(out());
    Split split = Split.of(dataset.train());
    Precision format = precision.orElseGet(Precision::ofThisMachine);
    TrainingRun run = new TrainingRun(chosen, split.train(), format, seed, threads);
    out()
        .printf(
            "recipe '%s': %d images, %d epochs of %d steps, %s%n",
            chosen.name(), split.train().count(), chosen.epochs(), run.stepsPerEpoch(), format);
    long start = System.nanoTime();
    Weights trained;
    try (Progress progress = Progress.of(run, split.heldOut(), out())) {
      trained = run.run(progress);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Training training =
        new Training(
            chosen.name(),
            datasetName,
            dataset.sha256(),
            split.train().count(),
            seed,
            chosen.epochs(),
            seconds,
            Device.description(format),
            TensorFlow.version());
    Path folder = Files.createTempDirectory("pigeonhole-");
    Manifest manifest =
        new ArtifactWriter(bucket.name(), targetPrecision, weights)
            .write(chosen, trained, split.heldOut(), dataset.test(), training, folder);
    Summary.print(manifest, out());
    return publish(repository, manifest, folder, dataset);
  }

  private Recipe recipe() {
    Recipe found =
        ShippedRecipes.all().stream()
            .filter(each -> each.name().equals(recipe))
            .findFirst()
            .orElseThrow(
                () ->
                    wrongUse(
                        "There is no recipe '%s'; there are: %s"
                            .formatted(
                                recipe,
                                ShippedRecipes.all().stream()
                                    .map(Recipe::name)
                                    .collect(Collectors.joining(", ")))));
    if (epochs.isPresent() && epochs.get() < 1) {
      throw wrongUse("--epochs is " + epochs.get() + "; expected 1 or more");
    }
    return epochs.map(found::withEpochs).orElse(found);
  }

  private void requireShare(String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw wrongUse(option + " is " + value + "; expected 0 to 1");
    }
  }

  private void requireWritable() throws IOException {
    if (!BucketOptions.isS3(destination)) {
      Path folder = Files.createDirectories(Path.of(destination));
      Files.delete(Files.createTempFile(folder, ".writable", ""));
    }
  }

  private int publish(ModelRepository repository, Manifest manifest, Path folder, Dataset dataset)
      throws IOException, ModelRefusedException, InvalidManifestException {
    try {
      repository.publish(manifest, folder);
    } catch (IOException e) {
      throw new IOException(
          "%s; the version is in %s: 'trainer publish %s %s' tries again"
              .formatted(e.getMessage(), folder, folder, destination),
          e);
    }
    new TemporaryFolder(folder).close();
    out().printf("published %s as %s%n", manifest.version(), destination);
    if (!promote) {
      return 0;
    }
    return new Promoting(out())
        .promote(
            repository, manifest.version(), new SameImages(repository, dataset.test(), margin));
  }
}
