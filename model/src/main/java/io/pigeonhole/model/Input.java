package io.pigeonhole.model;

import io.pigeonhole.image.Resize;

/**
 * What the network takes: {@code [N, height, width, channels]}, row-major, RGB or luminance.
 *
 * @param tensor the input's key in the {@code serving_default} signature
 * @param dtype {@code uint8}, 0 to 255; or {@code float32}, 0 to 255 times {@code scale}
 * @param height rows, 1 to 4,096
 * @param width columns, 1 to 4,096
 * @param channels 3 (RGB) or 1 (luminance)
 * @param resize how an image of another size is brought to this one
 * @param scale the factor for {@code float32}: 1/255 for a network that takes 0 to 1
 */
public record Input(
    String tensor, Dtype dtype, int height, int width, int channels, Resize resize, double scale) {

  static final double DEFAULT_SCALE = 1.0;
  private static final int MAX_SIDE = 4096;

  public Input {
    Field.require(!tensor.isBlank(), "tensor", tensor, "must not be blank");
    Field.require(height >= 1 && height <= MAX_SIDE, "height", height, "must be 1 to " + MAX_SIDE);
    Field.require(width >= 1 && width <= MAX_SIDE, "width", width, "must be 1 to " + MAX_SIDE);
    Field.require(channels == 1 || channels == 3, "channels", channels, "must be 1 or 3");
    Field.requirePositive("scale", scale);
    Field.require(
        dtype == Dtype.FLOAT32 || scale == DEFAULT_SCALE, "scale", scale, "needs dtype float32");
  }

  /** An input of {@code uint8}, 0 to 255, as the trainer writes it. */
  public static Input uint8(String tensor, int height, int width, int channels, Resize resize) {
    return new Input(tensor, Dtype.UINT8, height, width, channels, resize, DEFAULT_SCALE);
  }

  /** The type of a pixel's channel. */
  public enum Dtype {
    UINT8,
    FLOAT32
  }
}
