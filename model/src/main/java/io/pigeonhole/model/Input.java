package io.pigeonhole.model;

import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.Resize;
import java.nio.ByteBuffer;

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
  private static final int RGB = 3;

  public Input {
    Field.require(!tensor.isBlank(), "tensor", tensor, "must not be blank");
    Field.require(height >= 1 && height <= MAX_SIDE, "height", height, "must be 1 to " + MAX_SIDE);
    Field.require(width >= 1 && width <= MAX_SIDE, "width", width, "must be 1 to " + MAX_SIDE);
    Field.require(channels == 1 || channels == RGB, "channels", channels, "must be 1 or 3");
    Field.requirePositive("scale", scale);
    Field.require(
        dtype == Dtype.FLOAT32 || scale == DEFAULT_SCALE, "scale", scale, "needs dtype float32");
  }

  /** An input of {@code uint8}, 0 to 255, as the trainer writes it. */
  public static Input uint8(String tensor, int height, int width, int channels, Resize resize) {
    return new Input(tensor, Dtype.UINT8, height, width, channels, resize, DEFAULT_SCALE);
  }

  /** An image in the network's size and channels, 0 to 255, not scaled. */
  public byte[] pixels(Pixels image) {
    ByteBuffer rgb = ByteBuffer.allocate(height * width * RGB);
    resize.into(image, height, width, rgb);
    return channels == RGB ? rgb.array() : luminance(rgb.array());
  }

  /** ITU-R BT.601, as TensorFlow's {@code rgb_to_grayscale}. */
  private static byte[] luminance(byte[] rgb) {
    byte[] grey = new byte[rgb.length / RGB];
    for (int i = 0, at = 0; i < grey.length; i++, at += RGB) {
      float sum =
          0.2989f * (rgb[at] & 0xff)
              + 0.587f * (rgb[at + 1] & 0xff)
              + 0.114f * (rgb[at + 2] & 0xff);
      grey[i] = (byte) Math.round(sum);
    }
    return grey;
  }

  /** The type of a pixel's channel. */
  public enum Dtype {
    UINT8,
    FLOAT32
  }
}
