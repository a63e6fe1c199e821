package io.pigeonhole.trainer.transfer;

import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.Digests;
import io.pigeonhole.trainer.data.FeatureRows;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.network.HeadGraph;
import io.pigeonhole.trainer.network.HeadGraph.Scaling;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.BaseGraph;
import io.pigeonhole.trainer.recipe.Layer;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.training.DivergedException;
import io.pigeonhole.trainer.training.Epoch;
import io.pigeonhole.trainer.training.History;
import io.pigeonhole.trainer.training.Scored;
import io.pigeonhole.trainer.training.StoppedException;
import io.pigeonhole.trainer.training.Trained;
import io.pigeonhole.trainer.training.TrainingRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * Trains a head on the features of a base.
 *
 * @param recipe with its base
 * @param dataset whose training and held-out images are learned from
 * @param seed of the views, the folds and the first weights
 * @param cache folder that keeps features, beside the decoded images
 * @param limit bytes that both may take together
 */
public record TransferRun(Recipe recipe, Dataset dataset, long seed, Path cache, long limit) {

  /** Views of all images together that are worth their time. */
  private static final int TOGETHER = 8_000;

  private static final int NAME_BYTES = 16;

  /** Changes when the same images no longer give the same features. */
  private static final String FORMAT = "features-v1";

  public TransferRun {
    recipe = recipe.forClasses(dataset.train().classes().size());
  }

  /** Hears of the run's progress. */
  public interface Listener {

    /** Before the first image's features are computed. */
    void beginning(int images, int views);

    /** After some; whether to stop where it is. */
    boolean stop(int done, int of);

    /**
     * After the regularisation is chosen.
     *
     * @param folds in which images were held out
     * @param l2 that was chosen
     */
    void chosen(int folds, double l2, double heldOutAccuracy, double heldOutLoss);

    /**
     * Does the steps of a run, where the recipe fine-tunes.
     *
     * @param part what tells it from the other runs of the same training
     */
    Trained tuned(TrainingRun run, String part)
        throws InterruptedException, DivergedException, StoppedException;

    /** After fine-tuning was tried; why, if the head alone is kept. */
    void tuned(Optional<String> refusal);
  }

  /**
   * What a head was fitted to.
   *
   * @param trained weights of the whole network
   * @param scored images that each a head has scored that was not fitted to them
   */
  public record Outcome(Trained trained, Scored scored) {}

  /** Whether images are so few that covariances and squares are worth their time and memory. */
  public static boolean isFew(int images) {
    return images <= TOGETHER;
  }

  /** Images that are learned from, those held out last. */
  private Images images() {
    return dataset.trainAndHeldOut();
  }

  private int views() {
    return Math.max(
        1, Math.min(recipe.transfer().views(), TOGETHER / Math.max(1, images().count())));
  }

  /**
   * Computes the features that are not there yet, and fits the head.
   *
   * @throws StoppedException if the listener has asked for it; the features so far are kept
   * @throws ModelRefusedException if the base cannot be asked
   */
  public Outcome run(Listener listener)
      throws IOException,
          ModelRefusedException,
          InterruptedException,
          DivergedException,
          StoppedException {
    long start = System.nanoTime();
    BaseGraph base = ((Layer.Base) recipe.layers().get(0)).graph().orElseThrow();
    Images images = images();
    try (FeatureRows rows =
        FeatureRows.open(cache, limit, name(base), images.count(), views() * base.count())) {
      if (rows.pending() > 0) {
        listener.beginning(rows.pending(), views());
      }
      boolean[] stopped = new boolean[1];
      try {
        new FeatureExtraction(base, images, recipe.augmentation(), views(), seed)
            .into(
                rows,
                (done, of) -> {
                  stopped[0] = listener.stop(done, of);
                  return stopped[0];
                });
      } catch (InterruptedException e) {
        if (stopped[0]) {
          throw StoppedException.amongFeatures(images.count() - rows.pending(), images.count());
        }
        throw e;
      }
      try (Features features = new Features(rows, base, views(), images.labels())) {
        return fitted(features, images, listener, start);
      }
    }
  }

  private Outcome fitted(Features features, Images images, Listener listener, long start)
      throws InterruptedException, DivergedException, StoppedException {
    Folds folds = Folds.of(images.labels(), dataset.heldOut().count(), seed);
    Scaling scaling = features.scaling(HeadGraph.centres(recipe));
    try (HeadGraph head = new HeadGraph(recipe, scaling);
        HeadTraining training = new HeadTraining(recipe, features, folds, head, scaling, seed)) {
      HeadTraining.Tried best = training.best();
      int[] places = IntStream.range(0, images.count()).filter(folds::isTried).toArray();
      Scored scored = scored(features, folds, images.only(places), places, best.scores());
      double heldOut = Evaluation.accuracy(best.scores(), scored.images().labels());
      listener.chosen(folds.count(), best.l2(), heldOut, best.loss());
      if (recipe.fineTunes()) {
        Optional<Outcome> tuned =
            tuned(
                new FineTuning(recipe, images, folds, training, head, best, seed, listener::tuned),
                listener);
        if (tuned.isPresent()) {
          return tuned.get();
        }
      }
      double[] parameters = training.fit(best.l2());
      double accuracy = Evaluation.accuracy(features.scores(head, parameters), images.labels());
      Weights weights = head.weights(parameters);
      double seconds = (System.nanoTime() - start) / 1e9;
      Epoch only =
          new Epoch(1, training.loss(parameters), accuracy, best.loss(), heldOut, 1, seconds);
      History history = new History(1, seconds, List.of(only), 0, 0);
      return new Outcome(new Trained(weights, history), scored);
    }
  }

  /** With the novelty of each image by its distance from others that were learned from. */
  private Scored scored(
      Features features, Folds folds, Images tried, int[] places, float[][] scores) {
    Neighbours neighbours =
        Neighbours.of(folds.learned(), features.labels(), features.own(), seed, features::of);
    double[] distances =
        Arrays.stream(places)
            .mapToDouble(image -> neighbours.distance(image, features.of(new int[] {image})[0]))
            .toArray();
    return neighbours.scored(tried, scores, distances);
  }

  private static Optional<Outcome> tuned(FineTuning tuning, Listener listener)
      throws InterruptedException, DivergedException, StoppedException {
    try {
      Optional<Outcome> tuned = tuning.outcome();
      listener.tuned(
          tuned.isPresent()
              ? Optional.empty()
              : Optional.of("the loss on held-out images did not get less"));
      return tuned;
    } catch (TensorFlowException | IllegalArgumentException e) { // no gradient of an op
      listener.tuned(Optional.of(String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
      return Optional.empty();
    }
  }

  /** Of all that decides what the features are. */
  private String name(BaseGraph base) {
    String identity =
        String.join(
            "\n",
            FORMAT,
            dataset.sha256(),
            Integer.toString(images().size()),
            Arrays.toString(images().labels()),
            base.sha256(),
            views() == 1 ? "" : recipe.augmentation() + " " + views() + " " + seed);
    byte[] digest = Digests.sha256().digest(identity.getBytes(StandardCharsets.UTF_8));
    return "features-" + HexFormat.of().formatHex(digest, 0, NAME_BYTES);
  }
}
