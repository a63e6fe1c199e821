#!/usr/bin/env python3
"""The networks of two recipes, trained by Keras or by PyTorch, to be measured beside the trainer.

    peers.py keras|torch tutorial|fast float32|bfloat16
    peers.py keras|torch check

The second prints "checked", how far the networks' first convolution and its gradient are in bfloat16
from float32 (relative; rounding makes 0.003), and the versions: some processors compute it wrongly.

Needs tensorflow-cpu and keras, or torch. The images lie in memory, and nothing is done to them: what
comes before the step costs the peers nothing. Each line of input, a number of steps, is answered with
"measured", the images a second, and the images a second of processor time.
"""

import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import numpy

BATCH = {"tutorial": 64, "fast": 512}
# filters, and whether there is pooling
FAST = [(96, True), (96, False), (288, True), (288, False), (288, True), (288, False)]
IMAGES = 10240


def data():
    random = numpy.random.default_rng(1)
    pixels = random.integers(0, 256, (IMAGES, 32, 32, 3), dtype=numpy.uint8)
    return pixels, random.integers(0, 10, IMAGES)


def keras_steps(network, precision):
    import keras
    import tensorflow

    if precision == "bfloat16":
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
    layers = keras.layers
    model = keras.Sequential([keras.Input((32, 32, 3)), layers.Rescaling(1 / 255)])
    if network == "tutorial":
        model.add(layers.Conv2D(32, 3, activation="relu"))
        model.add(layers.MaxPooling2D())
        model.add(layers.Conv2D(64, 3, activation="relu"))
        model.add(layers.MaxPooling2D())
        model.add(layers.Conv2D(64, 3, activation="relu"))
        model.add(layers.Flatten())
        model.add(layers.Dense(64, activation="relu"))
        model.add(layers.Dense(10, dtype="float32"))
        optimizer = keras.optimizers.Adam(1e-3)
    else:
        model.add(layers.Conv2D(24, 2, use_bias=False, activation="relu", trainable=False))
        for filters, pooling in FAST:
            model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False))
            if pooling:
                model.add(layers.MaxPooling2D())
            model.add(layers.BatchNormalization(scale=False))
            model.add(layers.Activation("relu"))
        model.add(layers.GlobalMaxPooling2D())
        model.add(layers.Dense(10, use_bias=False, dtype="float32"))
        optimizer = keras.optimizers.SGD(0.01, momentum=0.85, nesterov=True)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    # XLA makes both networks slower on a CPU
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    batches = tensorflow.data.Dataset.from_tensor_slices(data())
    batches = batches.batch(BATCH[network], drop_remainder=True).cache().repeat().prefetch(4)

    def run(steps):
        model.fit(batches, steps_per_epoch=steps, verbose=0)

    return run


def torch_steps(network, precision):
    import torch
    from torch import nn

    if network == "tutorial":
        rows = [nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2)]
        rows += [nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)]
        rows += [nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten()]
        rows += [nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10)]
    else:
        rows = [nn.Conv2d(3, 24, 2, bias=False).requires_grad_(False), nn.ReLU()]
        channels = 24
        for filters, pooling in FAST:
            rows.append(nn.Conv2d(channels, filters, 3, padding=1, bias=False))
            if pooling:
                rows.append(nn.MaxPool2d(2))
            rows += [nn.BatchNorm2d(filters), nn.ReLU()]
            rows[-2].weight.requires_grad_(False)
            channels = filters
        rows += [nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(channels, 10, bias=False)]
    model = nn.Sequential(*rows).to(memory_format=torch.channels_last)
    trained = [p for p in model.parameters() if p.requires_grad]
    if network == "tutorial":
        optimizer = torch.optim.Adam(trained, 1e-3)
    else:
        optimizer = torch.optim.SGD(trained, 0.01, momentum=0.85, nesterov=True)
    entropy = nn.CrossEntropyLoss()
    pixels, labels = data()
    images = torch.from_numpy(pixels).permute(0, 3, 1, 2)
    labels = torch.from_numpy(labels)
    batch = BATCH[network]

    def run(steps):
        for step in range(steps):
            at = step * batch % (IMAGES - batch + 1)
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
                loss = entropy(model(images[at : at + batch].float() / 255), labels[at : at + batch])
            loss.backward()
            optimizer.step()
            loss.item()

    return run


def keras_convolution(images, kernel, gradient, precision):
    import tensorflow

    @tensorflow.function  # constants would be computed beforehand, in another way
    def passes(images, kernel, gradient):
        given, weights = (tensorflow.cast(each, precision) for each in (images, kernel))
        with tensorflow.GradientTape() as tape:
            tape.watch(weights)
            made = tensorflow.nn.conv2d(given, weights, 1, "VALID")
        by_kernel = tape.gradient(made, weights, tensorflow.cast(gradient, precision))
        return tensorflow.cast(made, "float32"), tensorflow.cast(by_kernel, "float32")

    given = [tensorflow.constant(each) for each in (images, kernel, gradient)]
    return [each.numpy() for each in passes(*given)]


def torch_convolution(images, kernel, gradient, precision):
    import torch

    def tensor(values, order):
        values = torch.from_numpy(numpy.ascontiguousarray(values.transpose(order)))
        return values.to(memory_format=torch.channels_last).to(getattr(torch, precision))

    weights = tensor(kernel, (3, 2, 0, 1)).requires_grad_()
    made = torch.conv2d(tensor(images, (0, 3, 1, 2)), weights)
    made.backward(tensor(gradient, (0, 3, 1, 2)))
    return [each.float().detach().numpy() for each in (made, weights.grad)]


def check(engine):
    if engine == "keras":
        import keras
        import tensorflow

        versions = f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}"
    else:
        import torch

        versions = f"PyTorch {torch.__version__}"
    random = numpy.random.default_rng(1)
    convolution = keras_convolution if engine == "keras" else torch_convolution
    worst = 0.0
    for _ in range(5):
        images = random.standard_normal((64, 32, 32, 3), dtype=numpy.float32)
        kernel = random.standard_normal((3, 3, 3, 32), dtype=numpy.float32)
        gradient = random.standard_normal((64, 30, 30, 32), dtype=numpy.float32)
        expected = convolution(images, kernel, gradient, "float32")
        found = convolution(images, kernel, gradient, "bfloat16")
        for right, other in zip(expected, found):
            distance = numpy.linalg.norm(right - other) / numpy.linalg.norm(right)
            worst = float(numpy.maximum(worst, distance))  # NaN stays
    print(f"checked {worst:.4f} {versions}", flush=True)


def main():
    if len(sys.argv) == 3 and sys.argv[2] == "check":
        return check(sys.argv[1])
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    engine, network, precision = sys.argv[1:]
    run = (keras_steps if engine == "keras" else torch_steps)(network, precision)
    for line in sys.stdin:
        steps = int(line)
        wall, cpu = time.perf_counter(), time.process_time()
        run(steps)
        images = steps * BATCH[network]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"measured {images / wall:.1f} {images / cpu:.1f}", flush=True)


if __name__ == "__main__":
    main()
