package io.pigeonhole.trainer.recipe;

import java.util.List;

/** Reads {@code schedule}. */
final class ScheduleReader {

  private static final List<String> KINDS =
      List.of("constant", "triangular", "one-cycle", "cosine", "exponential", "reduce-on-plateau");
  private static final Range FACTOR = Range.of(0, 1);
  private static final Range SOME = Range.of(1e-9, 1);
  private static final Range INSIDE = Range.below(0.001, 1);

  private final Section file;

  ScheduleReader(Section file) {
    this.file = file;
  }

  Schedule read() {
    return file.value("schedule")
        .flatMap(node -> Variant.of(file.mistakes(), "schedule", node, KINDS))
        .map(ScheduleReader::read)
        .orElseGet(Schedule.Constant::new);
  }

  private static Schedule read(Variant variant) {
    Section keys = variant.keys();
    Schedule schedule =
        switch (variant.name()) {
          case "triangular" ->
              new Schedule.Triangular(
                  keys.number("start", FACTOR, 0.2),
                  keys.number("peak", INSIDE, 0.23),
                  keys.number("end", FACTOR, 0));
          case "one-cycle" ->
              new Schedule.OneCycle(
                  keys.number("start", FACTOR, 0.04),
                  keys.number("peak", INSIDE, 0.3),
                  keys.number("end", FACTOR, 0));
          case "cosine" ->
              new Schedule.Cosine(
                  keys.number("warmup", Range.below(0, 1), 0), keys.number("end", FACTOR, 0));
          case "exponential" -> new Schedule.Exponential(keys.number("end", SOME, 0.01));
          case "reduce-on-plateau" ->
              new Schedule.Plateau(
                  keys.number("factor", INSIDE, 0.1),
                  keys.whole("patience", 1, 1000, 10),
                  keys.number("least", FACTOR, 0));
          default -> new Schedule.Constant();
        };
    keys.end();
    return schedule;
  }
}
