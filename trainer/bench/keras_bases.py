#!/usr/bin/env python3
"""What Keras computes with the networks that are known by name, to compare features.

    keras_bases.py

Needs keras and tensorflow-cpu. Weights and images are made of numbers that depend on names alone,
so that the trainer's tests can make the same ones; nothing is fetched. For each network and size
of images it prints some features of two images: those at multiples of a fifth of their number.
"""

import os
import zlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy

APPLICATIONS = {
    "mobilenet-v2": (
        keras.applications.MobileNetV2,
        keras.applications.mobilenet_v2.preprocess_input,
    ),
    "efficientnet-v2-b0": (
        keras.applications.EfficientNetV2B0,
        keras.applications.efficientnet_v2.preprocess_input,
    ),
    "resnet-50": (keras.applications.ResNet50, keras.applications.resnet.preprocess_input),
}
SIZES = [(64, 64), (45, 71)]


def bits(name, count):
    """32 random bits each: the end of MurmurHash3 of a name's checksum and a running number."""
    number = numpy.arange(count, dtype=numpy.uint32)
    number = number * numpy.uint32(0x9E3779B9) + numpy.uint32(zlib.crc32(name.encode()))
    number = (number ^ number >> numpy.uint32(16)) * numpy.uint32(0x85EBCA6B)
    number = (number ^ number >> numpy.uint32(13)) * numpy.uint32(0xC2B2AE35)
    return number ^ number >> numpy.uint32(16)


def uniform(name, shape, low, high):
    values = (bits(name, int(numpy.prod(shape))) >> numpy.uint32(8)) / 2**24
    return (low + (high - low) * values).reshape(shape).astype(numpy.float32)


def weights(layer):
    """In the order in which Keras lists them; kernels keep the variance of what they are given."""
    shapes = [array.shape for array in layer.get_weights()]
    if len(shapes) == 4:
        names = ["gamma", "beta", "moving_mean", "moving_variance"]
        ranges = [(0.5, 1.5), (-0.5, 0.5), (-0.2, 0.2), (0.5, 1.5)]
    else:
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        inputs = numpy.prod(shapes[0][: 2 if depthwise else 3])
        limit = float(numpy.sqrt(3 / inputs))
        names = ["kernel", "bias"]
        ranges = [(-limit, limit), (-0.2, 0.2)]
    return [
        uniform(f"{layer.name}/{name}", shape, *limits)
        for name, shape, limits in zip(names, shapes, ranges)
    ]


def images(height, width):
    """Red is brighter than green, and green than blue, so that their order shows."""
    shape = (2, height, width, 3)
    return bits("images", int(numpy.prod(shape))).reshape(shape) >> numpy.array(
        [24, 25, 26], numpy.uint32
    )


def main():
    for name, (application, preprocess) in APPLICATIONS.items():
        for height, width in SIZES:
            model = application(
                weights=None, include_top=False, pooling="avg", input_shape=(height, width, 3)
            )
            for layer in model.layers:
                if layer.weights and not isinstance(layer, keras.layers.Normalization):
                    layer.set_weights(weights(layer))
            given = preprocess(images(height, width).astype(numpy.float32))
            features = numpy.asarray(model(given, training=False))
            fifth = features.shape[1] // 5
            some = ", ".join(f"{value:.7g}" for value in features[:, : 5 * fifth : fifth].ravel())
            print(f"{name} {height} {width}: {some}", flush=True)


if __name__ == "__main__":
    main()
