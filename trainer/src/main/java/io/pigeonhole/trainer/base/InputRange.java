package io.pigeonhole.trainer.base;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a network wants the bytes of an image to be turned into before it sees them. */
public enum InputRange {
  /** Nothing: the network takes 0 to 255, and scales inside if it wants others. */
  BYTES("0..255"),
  /** Divided by 255. */
  UNIT("0..1"),
  /** Divided by 127.5, less 1. */
  SIGNED("-1..1"),
  /** Blue, green, red, each less ImageNet's mean, as Caffe's networks had it. */
  CAFFE("caffe"),
  /** Divided by 255, less ImageNet's mean, divided by its deviation, as PyTorch's networks have. */
  TORCH("torch");

  /** The names that Keras' applications give to their layers, and what each family wants. */
  private static final List<Family> FAMILIES =
      List.of(
          new Family("resnet\\d+v2|mobilenetv2|mobilenet_\\d|inception|xception|nasnet", SIGNED),
          new Family("efficientnet|mobilenetv3|mobilenet_v3|convnext|regnet", BYTES),
          new Family("resnet\\d+|vgg\\d\\d", CAFFE),
          new Family("densenet\\d+", TORCH));

  private record Family(Pattern names, InputRange range) {
    Family(String names, InputRange range) {
      this(Pattern.compile(names), range);
    }
  }

  private final String text;

  InputRange(String text) {
    this.text = text;
  }

  /**
   * The range of the text of an option.
   *
   * @throws IllegalArgumentException naming those that there are
   */
  public static InputRange of(String text) {
    return Arrays.stream(values())
        .filter(each -> each.text.equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is no range of inputs; there are: %s"
                        .formatted(
                            text,
                            String.join(", ", Arrays.stream(values()).map(r -> r.text).toList()))));
  }

  /** What the family of Keras' applications wants that a name of a layer tells, if it tells one. */
  static Optional<InputRange> ofFamily(String layer) {
    String lower = layer.toLowerCase(Locale.ROOT);
    return FAMILIES.stream()
        .filter(family -> family.names().matcher(lower).find())
        .map(Family::range)
        .findFirst();
  }

  /** Factors of the three channels, in the network's order. */
  float[] scale() {
    return switch (this) {
      case BYTES, CAFFE -> even(1);
      case UNIT -> even(1 / 255f);
      case SIGNED -> even(1 / 127.5f);
      case TORCH -> new float[] {1 / (255 * 0.229f), 1 / (255 * 0.224f), 1 / (255 * 0.225f)};
    };
  }

  /** What is added to them then. */
  float[] shift() {
    return switch (this) {
      case BYTES, UNIT -> even(0);
      case SIGNED -> even(-1);
      case CAFFE -> new float[] {-103.939f, -116.779f, -123.68f};
      case TORCH -> new float[] {-0.485f / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f};
    };
  }

  private static float[] even(float number) {
    return new float[] {number, number, number};
  }

  /** Whether the network takes blue, green, red. */
  boolean blueFirst() {
    return this == CAFFE;
  }

  @Override
  public String toString() {
    return text;
  }
}
