#!/usr/bin/env python3
"""The networks and settings of the tutorials' recipes, trained by Keras, to compare accuracies.

    keras_recipes.py RECIPE FOLDER [SEED…]

RECIPE is tutorial, tutorial-augmented, folder-28, tiny-64 or photo-224 (2 epochs of it: half an
hour, and 16 GB of memory); FOLDER has CIFAR-10's binary batches. Needs keras and
tensorflow-cpu, and scipy for augmentation. As the trainer does, it leaves every twentieth training
image out, and measures on the test images after the last epoch.
"""

import os
import statistics
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy
import tensorflow

layers = keras.layers


def read(folder, names):
    rows = [numpy.fromfile(os.path.join(folder, name), numpy.uint8) for name in names]
    rows = numpy.concatenate(rows).reshape(-1, 3073)
    return rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), rows[:, 0]


def resized(images, size):
    if size == 32:
        return images
    method = "area" if size < 32 else "bilinear"
    resized = numpy.empty((len(images), size, size, 3), numpy.uint8)
    for i in range(0, len(images), 1000):
        part = tensorflow.image.resize(images[i : i + 1000], (size, size), method)
        resized[i : i + 1000] = numpy.rint(part.numpy())
    return resized


def grey(images):
    parts = images.astype(numpy.int64) * numpy.array([19595, 38470, 7471])
    return ((parts.sum(3, keepdims=True) + 32768) >> 16).astype(numpy.uint8)


def conv_32_64_64(size, channels, last):
    """Three convolutions, of which the first ones are pooled, or all."""
    return [
        keras.Input((size, size, channels)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        *last,
    ]


def dense_64():
    return [layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(10)]


def tiny(size, channels):
    return [
        keras.Input((size, size, channels)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10),
    ]


def photo(size, channels):
    return [
        keras.Input((size, size, channels)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10),
    ]


# Images that Keras is given at once; it makes copies of them.
MOST_BYTES = 1 << 30

RECIPES = {
    "tutorial": {"network": lambda: conv_32_64_64(32, 3, dense_64()), "batch": 64},
    "tutorial-augmented": {
        "network": lambda: conv_32_64_64(32, 3, dense_64()),
        "batch": 32,
        "augmentation": {
            "rotation_range": 15,
            "width_shift_range": 0.1,
            "height_shift_range": 0.1,
            "horizontal_flip": True,
        },
    },
    "folder-28": {
        "network": lambda: conv_32_64_64(
            28, 1, [layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10)]
        ),
        "size": 28,
        "grey": True,
        "batch": 32,
        "steps": 100,
        "augmentation": {
            "rotation_range": 40,
            "width_shift_range": 0.2,
            "height_shift_range": 0.2,
            "shear_range": 0.2,
            "zoom_range": 0.2,
            "horizontal_flip": True,
            "fill_mode": "nearest",
        },
    },
    "tiny-64": {"network": lambda: tiny(64, 3), "size": 64, "batch": 32},
    "photo-224": {"network": lambda: photo(224, 3), "size": 224, "batch": 64, "epochs": 2},
}


def prepared(recipe, images):
    images = resized(images, recipe.get("size", 32))
    return grey(images) if recipe.get("grey") else images


def fit(recipe, model, images, labels, seed):
    batch = recipe["batch"]
    if "augmentation" not in recipe:
        # With a global seed Keras shows every epoch in the same order, so the order is ours.
        orders = numpy.random.default_rng(seed)
        at_once = max(1, MOST_BYTES // (images[0].nbytes * batch)) * batch
        for _ in range(recipe.get("epochs", 10)):
            order = orders.permutation(len(images))
            for first in range(0, len(order), at_once):
                part = order[first : first + at_once]
                model.fit(images[part], labels[part], batch_size=batch, shuffle=False, verbose=0)
        return
    # what the tutorials use; Keras 3 keeps it here
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    numpy.random.seed(seed)
    shown = ImageDataGenerator(**recipe["augmentation"]).flow(images, labels, batch, seed=seed)
    # No steps where an epoch shows every image: were they fewer than there are batches, Keras
    # would make an epoch of the few that are left, after each.
    model.fit(shown, steps_per_epoch=recipe.get("steps"), epochs=10, verbose=0)


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in RECIPES:
        sys.exit(__doc__)
    recipe, folder = RECIPES[sys.argv[1]], sys.argv[2]
    seeds = [int(seed) for seed in sys.argv[3:]] or [1, 2, 3]
    images, labels = read(folder, [f"data_batch_{i}.bin" for i in range(1, 6)])
    kept = numpy.arange(len(images)) % 20 != 0
    images, labels = prepared(recipe, images[kept]), labels[kept]
    test_images, test_labels = read(folder, ["test_batch.bin"])
    test_images = prepared(recipe, test_images)
    accuracies = []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(recipe["network"]())
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"], jit_compile=False)
        fit(recipe, model, images, labels, seed)
        accuracies.append(model.evaluate(test_images, test_labels, batch_size=500, verbose=0)[1])
        print(f"seed {seed}: {100 * accuracies[-1]:.2f} %", flush=True)
    spread = statistics.stdev(accuracies) if len(seeds) > 1 else 0
    print(f"mean {100 * statistics.mean(accuracies):.2f} %, deviation {100 * spread:.2f}")


if __name__ == "__main__":
    main()
