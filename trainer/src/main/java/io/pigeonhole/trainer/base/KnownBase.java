package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.data.Checksum;
import io.pigeonhole.trainer.data.Download;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A network whose weights are published, known by a name. None of them comes with the trainer.
 *
 * <p>Addresses and checksums are those of Keras' applications (keras/src/applications). Keras
 * states no checksum for MobileNetV2: there, the size is checked, and that every array of the
 * network is in the file with its shape and finite numbers.
 *
 * <p>Licences: of MobileNetV2, Keras' documentation says that the weights are released under the
 * Apache License, that of tensorflow/models, where they are from; of ResNet-50, that they are
 * ported from Kaiming He's repository under the MIT licence. Of EfficientNetV2 it says nothing; the
 * repository google/automl, which published them first, is under the Apache License.
 *
 * @param name that the trainer knows it by
 * @param title as the literature calls it
 * @param address of the weights without the last layer, HDF5
 * @param bytes size of the file
 * @param checksum of the file, where its publisher states one
 * @param licence of the weights, and who says so
 * @param accuracy top-1, of ImageNet's validation images, in percent, as Keras states it
 * @param size side of the images that it is meant for
 * @param features how many there are
 * @param milliseconds of one core for an image of that size, measured; the file {@code
 *     bench/bases-*.csv} says where
 */
public record KnownBase(
    String name,
    String title,
    URI address,
    long bytes,
    Optional<Checksum> checksum,
    String licence,
    double accuracy,
    int size,
    int features,
    double milliseconds) {

  private static final String PUBLISHED =
      "https://storage.googleapis.com/tensorflow/keras-applications/";

  private static final List<KnownBase> ALL =
      List.of(
          new KnownBase(
              "mobilenet-v2",
              "MobileNetV2 1.0",
              URI.create(
                  PUBLISHED
                      + "mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"),
              9_406_464,
              Optional.empty(),
              "Apache-2.0 (Keras' documentation)",
              71.3,
              224,
              1280,
              10.6),
          new KnownBase(
              "efficientnet-v2-b0",
              "EfficientNetV2-B0",
              URI.create(PUBLISHED + "efficientnet_v2/efficientnetv2-b0_notop.h5"),
              24_274_472,
              Optional.of(Checksum.md5("893217f2bb855e2983157299931e43ff")),
              "Apache-2.0 (google/automl, where they are from)",
              78.7,
              224,
              1280,
              19.1),
          new KnownBase(
              "resnet-50",
              "ResNet-50",
              URI.create(PUBLISHED + "resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"),
              94_765_736,
              Optional.of(Checksum.md5("4d473c1dd8becc155b73f8504c6f6626")),
              "MIT (Keras' documentation)",
              74.9,
              224,
              2048,
              73.1));

  /** In the order of their size. */
  public static List<KnownBase> all() {
    return ALL;
  }

  /** The one of a name. */
  public static Optional<KnownBase> named(String name) {
    return ALL.stream().filter(base -> base.name().equals(name)).findFirst();
  }

  /** How it gets into a cache folder. */
  public Download download(Path cache) {
    return new Download(
        address, bytes, checksum, cache.resolve("bases"), "give the file with --base-file");
  }

  Architecture architecture() {
    return switch (name) {
      case "mobilenet-v2" -> new MobileNetV2();
      case "efficientnet-v2-b0" -> new EfficientNetV2B0();
      case "resnet-50" -> new ResNet50();
      default -> throw new IllegalStateException("no architecture of " + name);
    };
  }
}
