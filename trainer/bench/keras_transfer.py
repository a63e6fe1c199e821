"""Compares the trainer's recipe `transfer` with what Keras' guide to transfer learning does.

    python3 trainer/bench/keras_transfer.py --photos FOLDER… --weights MOBILENET_V2.h5 [--csv FILE]

A FOLDER has train/ and test/, each with one folder a class; the weights are those of
keras.applications.MobileNetV2 without its last layer, as Keras publishes them or as Keras 3 writes
them. The guide (https://keras.io/guides/transfer_learning): the base frozen, a dense layer after
dropout, flips and rotations, 10 epochs with Adam at 0.001, then 10 of fine-tuning at 0.00001, with batch
normalisation as it is.
In alternation, a seed after the other; processor seconds are those of the whole process, decoding,
measuring and publishing included.
"""

import argparse
import csv
import json
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SIZE = 224


def keras_guide(photos, weights, seed):
    import keras

    keras.utils.set_random_seed(seed)
    load = dict(image_size=(SIZE, SIZE), batch_size=32, crop_to_aspect_ratio=True)
    train = keras.utils.image_dataset_from_directory(f"{photos}/train", seed=seed, **load)
    test = keras.utils.image_dataset_from_directory(f"{photos}/test", shuffle=False, **load)
    classes = len(train.class_names)
    base = keras.applications.MobileNetV2(
        input_shape=(SIZE, SIZE, 3), include_top=False, weights=None)
    base.load_weights(weights)
    base.trainable = False
    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.RandomFlip("horizontal")(inputs)
    x = keras.layers.RandomRotation(0.1)(x)
    x = keras.layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = base(x, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.2)(x)
    model = keras.Model(inputs, keras.layers.Dense(classes)(x))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(), loss, metrics=["accuracy"])
    model.fit(train, epochs=10, verbose=0)
    frozen = model.evaluate(test, verbose=0)[1]
    base.trainable = True
    for layer in base.layers:  # in training mode, statistics of a batch would take their place
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(keras.optimizers.Adam(1e-5), loss, metrics=["accuracy"])
    model.fit(train, epochs=10, verbose=0)
    print(json.dumps({"frozen": frozen, "accuracy": model.evaluate(test, verbose=0)[1]}))


def measured(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, processor, seconds


def trainer(args, photos, seed):
    temp = tempfile.mkdtemp()
    try:
        out, processor, seconds = measured(
            [args.trainer, "train", "--data", f"{photos}/train",
             "--test", f"{photos}/test", "--name", "photos", "--out", f"{temp}/models",
             "--cache", f"{temp}/cache", "--base", "mobilenet-v2", "--base-file", args.weights,
             "--recipe", args.recipe, "--seed", str(seed)])
    finally:
        shutil.rmtree(temp)
    return float(re.search(r"accuracy ([\d.]+)%", out).group(1)), processor, seconds


def guide(args, photos, seed):
    out, processor, seconds = measured(
        [sys.executable, __file__, "--photos", photos, "--weights", args.weights,
         "--guide", str(seed)])
    return 100 * json.loads(out.splitlines()[-1])["accuracy"], processor, seconds


def compared(args, photos):
    runs = {f"the trainer, `{args.recipe}`": (trainer, []), "Keras' guide": (guide, [])}
    for seed in range(1, args.seeds + 1):
        for name, (run, found) in runs.items():
            if run is guide and seed > (args.guide_seeds or args.seeds):
                continue
            found.append(run(args, photos, seed))
            print(f"seed {seed}, {name}: %.2f %%, %.0f processor seconds, %.0f s" % found[-1],
                  flush=True)
    for name, (_, found) in runs.items():
        accuracies, processor, seconds = zip(*found)
        deviation = statistics.stdev(accuracies) if len(found) > 1 else 0
        yield [f"{pathlib.Path(photos).name}: {name}",
               f"{statistics.mean(accuracies):.1f} ± {deviation:.1f}"
               if len(found) > 1 else f"{accuracies[0]:.1f} (one seed)",
               f"{statistics.mean(processor):.0f}", f"{statistics.mean(seconds):.0f}"]


def write(rows, args):
    import keras
    import tensorflow

    with open(args.csv, "w", newline="") as file:
        file.write(f"# processor: {args.processor}\n# date: {time.strftime('%Y-%m-%d')}\n")
        file.write(f"# versions: Keras {keras.__version__} on TensorFlow {tensorflow.__version__}\n")
        ours = [row[0] for row in rows if "the trainer" in row[0]]
        file.writelines(f"# ours: {name}\n" for name in ours)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["", "right, %", "processor seconds", "seconds"])
        writer.writerows(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", required=True, nargs="+")
    parser.add_argument("--weights", required=True)
    parser.add_argument("--trainer", default="trainer/target/pigeonhole")
    parser.add_argument("--recipe", default="transfer")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--guide-seeds", type=int, help="of Keras' guide, if fewer")
    parser.add_argument("--csv", help="file of figures, with --processor, which it names")
    parser.add_argument("--processor", default="")
    parser.add_argument("--guide", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.guide is not None:
        keras_guide(args.photos[0], args.weights, args.guide)
        return
    rows = [row for photos in args.photos for row in compared(args, photos)]
    for row in rows:
        print(*row)
    if args.csv:
        write(rows, args)


if __name__ == "__main__":
    main()
