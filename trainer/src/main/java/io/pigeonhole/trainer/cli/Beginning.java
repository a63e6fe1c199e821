package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.artifact.Base;
import io.pigeonhole.trainer.data.InvalidDataException;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;

/** What a training begins with. */
sealed interface Beginning {

  /** What tells it from others, for the report and for checkpoints. */
  String name();

  /** What tells a published version from others. */
  static String nameOf(Base base) {
    return base.manifest().name() + " " + base.manifest().version();
  }

  /** A version that was published with its weights: they are trained on. */
  record Published(Base base) implements Beginning {
    @Override
    public String name() {
      return nameOf(base);
    }
  }

  /** A network whose features a head is trained on. */
  record OfOthers(String name, Reading reading) implements Beginning {

    /** Reads the network, which takes a session of TensorFlow: the threads are claimed before. */
    BaseGraph graph() throws IOException, InvalidDataException, ModelRefusedException {
      return with(reading);
    }

    /** What is made of it; if it cannot be, which network that was is said. */
    BaseGraph with(Reading reading)
        throws IOException, InvalidDataException, ModelRefusedException {
      try {
        return reading.graph();
      } catch (ModelRefusedException e) {
        throw new ModelRefusedException(
            "%s cannot be a base: %s".formatted(name, e.getMessage()), e);
      }
    }
  }

  /** How a network of others is got. */
  @FunctionalInterface
  interface Reading {
    BaseGraph graph() throws IOException, InvalidDataException, ModelRefusedException;
  }
}
