package io.pigeonhole.trainer.training;

/**
 * Where in the original a pixel of a view comes from: {@code y' = yy·y + yx·x + y0}, {@code x' =
 * xy·y + xx·x + x0}.
 */
record AffineMap(double yy, double yx, double y0, double xy, double xx, double x0) {

  /** Every pixel from its own place. */
  static final AffineMap IDENTITY = new AffineMap(1, 0, 0, 0, 1, 0);

  /**
   * Turns, shifts, shears and zooms around the middle of a square image, composed in this order as
   * Keras' {@code apply_affine_transform} does.
   *
   * @param size side in pixels
   * @param angle in radians
   * @param down in pixels
   * @param right in pixels
   * @param shear in radians
   * @param zoomDown factor on the vertical distance from the middle
   * @param zoomRight factor on the horizontal one
   */
  static AffineMap of(
      int size,
      double angle,
      double down,
      double right,
      double shear,
      double zoomDown,
      double zoomRight) {
    double sin = Math.sin(angle);
    double cos = Math.cos(angle);
    double yy = cos * zoomDown;
    double yx = (-cos * Math.sin(shear) - sin * Math.cos(shear)) * zoomRight;
    double xy = sin * zoomDown;
    double xx = (-sin * Math.sin(shear) + cos * Math.cos(shear)) * zoomRight;
    double middle = size / 2.0 - 0.5;
    return new AffineMap(
        yy,
        yx,
        cos * down - sin * right + middle - (yy + yx) * middle,
        xy,
        xx,
        sin * down + cos * right + middle - (xy + xx) * middle);
  }
}
