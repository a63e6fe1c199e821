package io.pigeonhole.trainer.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A chart as SVG, without scripts; the page's style colours it.
 *
 * @param title what it shows, for those who do not see it, too
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param series at most four
 * @param diagonal whether the line of equal values is drawn
 */
record LineChart(String title, Axis x, Axis y, List<Series> series, boolean diagonal) {

  private static final int WIDTH = 400;
  private static final int HEIGHT = 260;
  private static final int LEFT = 48;
  private static final int RIGHT = 20;
  private static final int TOP = 26;
  private static final int BOTTOM = 40;
  private static final int LEGEND_STEP = 90;

  /** The chart, {@code <svg>…</svg>}. */
  String svg() {
    StringBuilder svg = new StringBuilder();
    add(svg, "<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>", WIDTH, HEIGHT, escaped(title));
    for (double tick : y.ticks()) {
      add(
          svg,
          "<line class='grid' x1='%d' y1='%s' x2='%d' y2='%2$s'/>",
          LEFT,
          down(tick),
          WIDTH - RIGHT);
      add(
          svg,
          "<text class='tick' x='%d' y='%s' text-anchor='end'>%s</text>",
          LEFT - 5,
          down(tick) + 4,
          y.label(tick));
    }
    for (double tick : x.ticks()) {
      add(
          svg,
          "<text class='tick' x='%s' y='%d' text-anchor='middle'>%s</text>",
          across(tick),
          HEIGHT - BOTTOM + 15,
          x.label(tick));
    }
    add(
        svg,
        "<line class='axis' x1='%d' y1='%d' x2='%d' y2='%2$d'/>",
        LEFT,
        HEIGHT - BOTTOM,
        WIDTH - RIGHT);
    add(
        svg,
        "<text class='name' x='%d' y='%d' text-anchor='middle'>%s</text>",
        (LEFT + WIDTH - RIGHT) / 2,
        HEIGHT - 6,
        escaped(x.name()));
    if (diagonal) {
      add(
          svg,
          "<line class='diagonal' x1='%s' y1='%s' x2='%s' y2='%s'/>",
          across(x.from()),
          down(y.from()),
          across(x.to()),
          down(y.to()));
    }
    for (int i = 0; i < series.size(); i++) {
      add(svg, i);
    }
    return svg.append("</svg>").toString();
  }

  private void add(StringBuilder svg, int number) {
    Series each = series.get(number);
    List<Series.Point> points =
        each.points().stream()
            .filter(point -> Double.isFinite(point.x()) && Double.isFinite(point.y()))
            .toList();
    String line =
        points.stream()
            .map(point -> across(point.x()) + "," + down(point.y()))
            .collect(Collectors.joining(" "));
    add(svg, "<polyline class='line s%d' points='%s'/>", number, line);
    if (points.size() <= 40) {
      for (Series.Point point : points) {
        add(
            svg,
            "<circle class='dot s%d' cx='%s' cy='%s' r='2.5'><title>%s: %s, %s</title></circle>",
            number,
            across(point.x()),
            down(point.y()),
            escaped(each.name()),
            x.label(point.x()),
            y.label(point.y()));
      }
    }
    int left = LEFT + number * LEGEND_STEP;
    add(svg, "<line class='line s%d' x1='%d' y1='12' x2='%d' y2='12'/>", number, left, left + 14);
    add(svg, "<text class='name' x='%d' y='16'>%s</text>", left + 18, escaped(each.name()));
  }

  private double across(double value) {
    return tenth(LEFT + x.place(value) * (WIDTH - LEFT - RIGHT));
  }

  private double down(double value) {
    return tenth(HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM));
  }

  private static double tenth(double value) {
    return Math.round(10 * value) / 10.0;
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;");
  }
}
