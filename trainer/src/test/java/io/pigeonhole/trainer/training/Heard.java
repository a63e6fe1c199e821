package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.trainer.network.TrainingGraph;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a run tells, and stops it after a step if wanted. */
final class Heard implements TrainingRun.Listener {

  private final List<Double> losses = new ArrayList<>();
  private final List<Epoch> epochs = new ArrayList<>();
  private final long lastStep;
  private long earlier;

  /** Of a run that goes to its end. */
  Heard() {
    this(Long.MAX_VALUE);
  }

  /** Of a run that is stopped after a step. */
  Heard(long lastStep) {
    this.lastStep = lastStep;
  }

  @Override
  public void resumed(History history) {
    earlier = history.steps();
  }

  @Override
  public void afterStep(History history, TrainingGraph.Step step) {
    losses.add(step.loss());
    assertThat(history.steps()).isEqualTo(earlier + losses.size());
  }

  @Override
  public void afterEpoch(Epoch epoch) {
    epochs.add(epoch);
  }

  @Override
  public boolean stop() {
    return earlier + losses.size() >= lastStep;
  }

  /** One a step. */
  List<Double> losses() {
    return losses;
  }

  List<Epoch> epochs() {
    return epochs;
  }

  /** Steps that an earlier process had done. */
  long earlier() {
    return earlier;
  }
}
