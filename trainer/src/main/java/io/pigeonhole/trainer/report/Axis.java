package io.pigeonhole.trainer.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis of a chart.
 *
 * @param name of what it shows
 * @param from value at its beginning
 * @param to value at its end, above that
 * @param percent whether values are shares
 */
record Axis(String name, double from, double to, boolean percent) {

  private static final int TICKS = 5;
  private static final MathContext DIGITS = new MathContext(4);

  /** An axis of shares, 0 to 1. */
  static Axis shares(String name) {
    return new Axis(name, 0, 1, true);
  }

  /** An axis from 0 to the greatest of some values. */
  static Axis upTo(String name, double greatest) {
    return new Axis(name, 0, greatest > 0 && Double.isFinite(greatest) ? greatest : 1, false);
  }

  /** Round values on the axis. */
  List<Double> ticks() {
    double rough = (to - from) / TICKS;
    double unit = Math.pow(10, Math.floor(Math.log10(rough)));
    double step =
        List.of(1.0, 2.0, 5.0, 10.0).stream()
            .map(factor -> factor * unit)
            .filter(each -> each >= rough * 0.999)
            .findFirst()
            .orElse(10 * unit);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  String label(double value) {
    if (percent) {
      return String.format(Locale.ROOT, "%.0f%%", 100 * value);
    }
    return BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }

  /** Where a value lies, 0 to 1 on the axis. */
  double place(double value) {
    return Math.min(1, Math.max(0, (value - from) / (to - from)));
  }
}
