package io.pigeonhole.trainer.recipe;

import java.util.List;
import java.util.Optional;

/** Reads {@code optimiser}. */
final class OptimiserReader {

  private static final List<String> KINDS = List.of("sgd", "scaled-sgd", "adam", "adamw", "muon");
  private static final Range RATE = Range.of(0, 1000);
  private static final Range PART = Range.below(0, 1);
  private static final Range DECAY = Range.of(0, 10);

  private final Section file;

  OptimiserReader(Section file) {
    this.file = file;
  }

  Optimiser read() {
    Optional<Variant> variant =
        file.required("optimiser", Words.oneOf(KINDS))
            .flatMap(node -> Variant.of(file.mistakes(), "optimiser", node, KINDS));
    return variant.map(OptimiserReader::read).orElseGet(() -> new Optimiser.Adam(0));
  }

  private static Optimiser read(Variant variant) {
    Section keys = variant.keys();
    Optimiser optimiser =
        switch (variant.name()) {
          case "sgd" ->
              new Optimiser.Sgd(
                  keys.number("learning-rate", RATE, 0.01),
                  keys.number("momentum", PART, 0.9),
                  keys.number("weight-decay", DECAY, 0));
          case "scaled-sgd" -> scaled(keys);
          case "muon" -> muon(keys);
          case "adamw" -> adam(keys, 0.004);
          default -> adam(keys, 0);
        };
    keys.end();
    return optimiser;
  }

  /** Keras' defaults. */
  private static Optimiser adam(Section keys, double weightDecay) {
    return new Optimiser.Adam(
        keys.number("learning-rate", RATE, 0.001),
        keys.number("beta1", PART, 0.9),
        keys.number("beta2", PART, 0.999),
        keys.number("epsilon", Range.of(1e-12, 1), 1e-7),
        weightDecay == 0 ? 0 : keys.number("weight-decay", DECAY, weightDecay));
  }

  private static Optimiser.ScaledSgd scaled(Section keys) {
    return new Optimiser.ScaledSgd(
        keys.number("learning-rate", Range.of(1e-6, 1000), 11.5),
        keys.number("momentum", PART, 0.85),
        keys.number("weight-decay", DECAY, 0.0153),
        keys.number("bias-rate", Range.of(1e-3, 1e4), 64));
  }

  private static Optimiser muon(Section keys) {
    double rate = keys.number("learning-rate", RATE, 0.1);
    double momentum = keys.number("momentum", PART, 0.6);
    Optional<Section> rest = keys.section("rest");
    Optimiser.ScaledSgd others =
        rest.map(OptimiserReader::scaled)
            .orElseGet(() -> new Optimiser.ScaledSgd(11.5, 0.85, 0.0153, 64));
    rest.ifPresent(Section::end);
    return new Optimiser.Muon(rate, momentum, others);
  }
}
