package io.pigeonhole.trainer.evaluation;

import io.pigeonhole.model.Answer;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Metrics.OutlierMetrics;
import java.util.Arrays;
import java.util.List;

/** Computes how a model takes images that show none of its classes. */
public final class OutlierEvaluation {

  private OutlierEvaluation() {}

  /**
   * Measures a model that says how novel images are.
   *
   * @param manifest with its calibration
   * @param known what it says of test images of its classes
   * @param outliers what it says of images of none
   */
  public static OutlierMetrics of(Manifest manifest, List<Answer> known, List<Answer> outliers) {
    double level = manifest.calibration().novelty().orElseThrow();
    long passing = outliers.stream().filter(each -> each.novelty().orElseThrow() <= level).count();
    long labeled =
        outliers.stream().filter(each -> !Classification.of(manifest, each).review()).count();
    return new OutlierMetrics(
        outliers.size(),
        auroc(novelties(known), novelties(outliers)),
        (double) passing / outliers.size(),
        (double) labeled / outliers.size());
  }

  private static double[] novelties(List<Answer> answers) {
    return answers.stream().mapToDouble(each -> each.novelty().orElseThrow()).toArray();
  }

  /** How often one of the second is above one of the first; of equals, half. */
  static double auroc(double[] known, double[] outliers) {
    double[] sorted = known.clone();
    Arrays.sort(sorted);
    double above = 0;
    for (double value : outliers) {
      above += (firstFrom(sorted, value) + firstFrom(sorted, Math.nextUp(value))) / 2.0;
    }
    return above / known.length / outliers.length;
  }

  /** The place of the first value that is not less. */
  private static int firstFrom(double[] sorted, double value) {
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] < value) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}
