package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.ProgramCommand;
import io.pigeonhole.model.Answer;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.data.InvalidDataException;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.evaluation.OutlierEvaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole evaluate}. */
@Command(
    name = "evaluate",
    description = "Measures a model on the test images.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  pigeonhole evaluate models",
      "  pigeonhole evaluate models --name photos --data photos",
      "  pigeonhole evaluate s3://my-models --model-version 20260101T120000Z-0123abcd",
      "  pigeonhole evaluate models/models/cifar10/20260101T120000Z-0123abcd --data cifar-10.tar.gz"
    })
public final class EvaluateCommand extends ProgramCommand {

  @Parameters(
      paramLabel = "MODEL",
      description = {
        "A models bucket (folder or s3://bucket[/prefix]), whose model in service is taken, or the"
            + " folder of one version."
      })
  private String place;

  @Mixin private ModelOptions model;

  @Mixin private DataOptions data;

  @Option(
      names = "--json",
      description =
          "Print the metrics as JSON, as the manifest has them; everything else goes to"
              + " the error output.")
  private boolean json;

  @Override
  public Integer call()
      throws IOException,
          InvalidManifestException,
          ModelRefusedException,
          InvalidDataException,
          InterruptedException {
    PrintWriter said = out();
    PrintWriter told = json ? err() : said;
    try (ModelOptions.Loaded loaded = model.load(place)) {
      Input input = loaded.manifest().input();
      if (data.hasOutliers() && loaded.manifest().calibration().novelty().isEmpty()) {
        throw new InvalidDataException(
            "--outliers: %s does not say how novel images are"
                .formatted(loaded.manifest().version()));
      }
      Dataset dataset =
          data.toTest(loaded.manifest().classes(), input.height(), input.resize(), model::s3, told);
      Images test = dataset.test();
      if (!loaded.manifest().classes().equals(test.classes())) {
        throw new InvalidDataException(
            "the model has the classes %s, the images have %s"
                .formatted(loaded.manifest().classes(), test.classes()));
      }
      Optional<Images> outliers = data.outliers(input.height(), input.resize(), model::s3);
      List<Answer> answers = loaded.classifier().answers(test);
      Metrics ofKnown =
          Evaluation.of(
              answers.stream().map(Answer::probabilities).toArray(float[][]::new),
              test.labels(),
              test.classes(),
              loaded.manifest().calibration().temperature());
      Metrics metrics =
          outliers
              .map(images -> loaded.classifier().answers(images))
              .map(strange -> OutlierEvaluation.of(loaded.manifest(), answers, strange))
              .map(ofKnown::with)
              .orElse(ofKnown);
      if (json) {
        said.println(metrics.toJson());
        return ExitCode.DONE;
      }
      out().printf("%s on %d images%n", loaded.manifest().version(), test.count());
      Summary.print(metrics, out());
      return ExitCode.DONE;
    }
  }
}
