package io.pigeonhole.trainer.training;

import java.util.Optional;

/** Where the checkpoints of one run are kept. No method throws: a run goes on without them. */
public interface Checkpoints {

  /** The last one that is whole, if the run was interrupted. */
  Optional<Checkpoint> latest();

  /** Keeps one. */
  void save(Checkpoint checkpoint);

  /** For a run that keeps none. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public Optional<Checkpoint> latest() {
          return Optional.empty();
        }

        @Override
        public void save(Checkpoint checkpoint) {}
      };
}
