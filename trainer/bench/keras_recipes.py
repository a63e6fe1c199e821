#!/usr/bin/env python3
"""The network and settings of a recipe, trained by Keras on the same images, to compare accuracies.

    keras_recipes.py tutorial FOLDER [SEEDS]

FOLDER has CIFAR-10's binary batches. Needs keras and tensorflow-cpu. As the trainer does, it leaves
every twentieth training image out, and measures on the test images after the last epoch.
"""

import os
import statistics
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy


def read(folder, names):
    rows = [numpy.fromfile(os.path.join(folder, name), numpy.uint8) for name in names]
    rows = numpy.concatenate(rows).reshape(-1, 3073)
    return rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), rows[:, 0]


def tutorial():
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    )


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] != "tutorial":
        sys.exit(__doc__)
    folder, seeds = sys.argv[2], int(sys.argv[3]) if len(sys.argv) == 4 else 3
    images, labels = read(folder, [f"data_batch_{i}.bin" for i in range(1, 6)])
    kept = numpy.arange(len(images)) % 20 != 0
    test_images, test_labels = read(folder, ["test_batch.bin"])
    accuracies = []
    for seed in range(1, seeds + 1):
        keras.utils.set_random_seed(seed)
        model = tutorial()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"], jit_compile=False)
        model.fit(images[kept], labels[kept], batch_size=64, epochs=10, verbose=0)
        accuracies.append(model.evaluate(test_images, test_labels, batch_size=500, verbose=0)[1])
        print(f"seed {seed}: {100 * accuracies[-1]:.2f} %", flush=True)
    spread = statistics.stdev(accuracies) if seeds > 1 else 0
    print(f"mean {100 * statistics.mean(accuracies):.2f} %, deviation {100 * spread:.2f}")


if __name__ == "__main__":
    main()
