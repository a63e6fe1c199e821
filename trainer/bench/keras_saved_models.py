"""Writes the small SavedModels that the tests import, and what Keras answers them.

    python3 trainer/bench/keras_saved_models.py trainer/src/test/resources/saved-models

Random weights, the same each time. Written with Keras 3.15 on TensorFlow 2.21.
"""

import json
import pathlib
import shutil
import sys

import keras
import numpy as np
import tensorflow as tf


def body(x):
    x = keras.layers.ZeroPadding2D(1)(x)
    x = keras.layers.Conv2D(8, 3, strides=2, use_bias=False)(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Activation("swish")(x)  # with a gradient of its own
    shortcut = x
    x = keras.layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, use_bias=True)(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.ReLU(6)(x)
    x = keras.layers.Conv2D(8, 1)(x)
    x = keras.layers.Add()([x, shortcut])
    return keras.layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(x)


def randomised(model):
    random = np.random.default_rng(7)
    for weight in model.weights:
        value = random.normal(0, 0.3, weight.shape)
        weight.assign(np.abs(value) + 0.5 if "variance" in weight.path else value)
    return model


def models():
    image = keras.Input((None, None, 3), name="image")
    pooled = keras.layers.GlobalAveragePooling2D()(body(keras.layers.Rescaling(1 / 255)(image)))
    yield "features", keras.Model(image, pooled, name="headless")
    image = keras.Input((32, 32, 3), name="image")
    pooled = keras.layers.GlobalAveragePooling2D()(body(image))
    scores = keras.layers.Dense(5)(keras.layers.Dropout(0.5)(pooled))
    yield "classifier", keras.Model(image, keras.layers.Softmax()(scores), name="mobilenetv2_small")
    image = keras.Input((32, 32, 3), name="image")
    yield "map", keras.Model(image, body(image), name="places")
    image = keras.Input((32, 32, 3), name="image")
    noisy = keras.layers.RandomContrast(0.5, name="contrast")(image, training=True)
    yield "random", keras.Model(image, keras.layers.GlobalAveragePooling2D()(body(noisy)))


def main(folder):
    pixels = (np.arange(2 * 32 * 32 * 3) * 2654435761 % 2**32 // 2**24).astype(np.uint8)
    images = pixels.reshape(2, 32, 32, 3).astype(np.float32)
    answers = {}
    for name, model in models():
        target = folder / name
        shutil.rmtree(target, ignore_errors=True)
        randomised(model).export(str(target), verbose=False)
        (target / "fingerprint.pb").unlink(missing_ok=True)
        layers = {"features": -1, "classifier": -4, "map": -1}
        if name in layers:
            part = keras.Model(model.input, model.layers[layers[name]].output)
            given = images / 127.5 - 1 if name == "classifier" else images
            found = np.asarray(part(tf.constant(given), training=False))
            found = found.mean(axis=(1, 2)) if found.ndim == 4 else found
            answers[name] = [[round(float(v), 5) for v in row] for row in found]
    (folder / "answers.json").write_text(json.dumps(answers, indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
