package io.pigeonhole.trainer.report;

import java.util.List;

/**
 * Points of a chart, joined by a line.
 *
 * @param name in the legend
 * @param points in the order of the line; those that are no numbers are left out
 */
record Series(String name, List<Point> points) {

  /** A value over another. */
  record Point(double x, double y) {}
}
