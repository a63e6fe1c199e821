package io.pigeonhole.trainer.artifact;

import io.pigeonhole.model.Gate;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.OtherAnswersException;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.Classifier;
import io.pigeonhole.trainer.evaluation.Evaluation;
import java.io.IOException;
import java.util.Optional;

/**
 * Lets a version into service that is not worse on the same test images than the one that is. If
 * the one in service was measured on others, it is measured again, or, if it takes images of
 * another size, stays: brought to that size, the images would not be the same. It also stays if
 * this machine computes it otherwise than it was measured: then neither accuracy is to be trusted.
 *
 * @param repository that has both
 * @param test the images that the candidate was measured on
 * @param margin how much lower the candidate's accuracy may be, 0 to 1
 */
public record SameImages(ModelRepository repository, Images test, double margin) implements Gate {

  @Override
  public Optional<String> refusal(Manifest candidate, Manifest inService) throws IOException {
    if (!candidate.classes().equals(inService.classes())) {
      return Optional.of(
          "it has other classes, %s, than %s, in service, %s"
              .formatted(candidate.classes(), inService.version(), inService.classes()));
    }
    if (candidate.training().datasetSha256().equals(inService.training().datasetSha256())) {
      return Gate.byAccuracy(margin).refusal(candidate, inService);
    }
    if (!takesSameSize(candidate.input(), inService.input())) {
      return Optional.of(
          "%s, in service, takes images of another size and was measured on others: --force decides"
              .formatted(inService.version()));
    }
    try {
      return Gate.byAccuracy(
          candidate.metrics().accuracy(), measured(inService), inService, margin);
    } catch (OtherAnswersException e) {
      return Optional.of(
          "what is in service cannot be measured here: %s: --force decides"
              .formatted(e.getMessage()));
    } catch (ModelRefusedException | IllegalArgumentException e) {
      // What is in service cannot be used: nothing is lost by replacing it.
      return Optional.empty();
    }
  }

  private static boolean takesSameSize(Input candidate, Input inService) {
    return candidate.height() == inService.height()
        && candidate.width() == inService.width()
        && candidate.channels() == inService.channels();
  }

  private double measured(Manifest inService) throws IOException, ModelRefusedException {
    try (TemporaryFolder folder = new TemporaryFolder()) {
      repository.download(inService, folder.path());
      try (Classifier classifier = Classifier.load(inService, folder.path())) {
        return Evaluation.accuracy(classifier.probabilities(test), test.labels());
      }
    }
  }
}
