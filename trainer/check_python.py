#!/usr/bin/env python3
"""Compares the probabilities of a published SavedModel in Python TensorFlow with Pigeonhole's.

Needs: pip install tensorflow-cpu (2.18 or newer)

With the API of a running `mvn -Plocal`:
    python3 check_python.py MODEL_FOLDER --url http://localhost:8080/classify IMAGE...
Without it:
    pigeonhole label --model MODEL_FOLDER --top 1000 --json IMAGE... > answers.jsonl
    python3 check_python.py MODEL_FOLDER --json answers.jsonl IMAGE...

MODEL_FOLDER is the folder of one version, with saved_model.pb and manifest.json. Images must have
the size of the model's input, so that only the network is compared and no resizing. Exits with 1
if a probability differs by more than --tolerance.
"""

import argparse
import json
import pathlib
import sys
import urllib.request


def python_probabilities(model, manifest, image):
    import tensorflow as tf

    spec = manifest["input"]
    contents, channels = image.read_bytes(), spec["channels"]
    if contents.startswith(b"\xff\xd8"):
        # as Pigeonhole decodes it; TensorFlow's default differs in the last bits
        pixels = tf.io.decode_jpeg(contents, channels=channels, dct_method="INTEGER_ACCURATE")
    else:
        pixels = tf.io.decode_image(contents, channels=channels, expand_animations=False)
    if pixels.shape[:2] != (spec["height"], spec["width"]):
        sys.exit(f"{image} is {pixels.shape[1]}×{pixels.shape[0]}; "
                 f"the model takes {spec['width']}×{spec['height']}")
    batch = pixels[None]
    if spec["dtype"] == "float32":
        batch = tf.cast(batch, tf.float32) * spec.get("scale", 1.0)
    answer = model.signatures["serving_default"](**{spec["tensor"]: batch})
    row = answer[manifest["output"]["tensor"]].numpy()[0]
    return dict(zip(manifest["classes"], (float(value) for value in row)))


def api_probabilities(url, classes, image):
    request = urllib.request.Request(
        f"{url}?top={len(classes)}", data=image.read_bytes(),
        headers={"Content-Type": "application/octet-stream"})
    with urllib.request.urlopen(request, timeout=60) as response:
        body = json.load(response)
    return {each["label"]: each["confidence"] for each in body["predictions"]}


def printed_probabilities(lines):
    answers = (json.loads(line) for line in lines)
    return {
        answer["file"]: {each["label"]: each["confidence"] for each in answer["predictions"]}
        for answer in answers if "predictions" in answer}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("images", type=pathlib.Path, nargs="+")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--url", help="of the API's classify")
    source.add_argument("--json", type=pathlib.Path, help="made by 'pigeonhole label --json'")
    parser.add_argument("--tolerance", type=float, default=1e-5)
    arguments = parser.parse_args()

    import tensorflow as tf

    manifest = json.loads((arguments.model / "manifest.json").read_text())
    model = tf.saved_model.load(str(arguments.model))
    given = printed_probabilities(arguments.json.read_text().splitlines()) if arguments.json else None
    greatest = 0.0
    for image in arguments.images:
        python = python_probabilities(model, manifest, image)
        ours = given[str(image)] if given else api_probabilities(
            arguments.url, manifest["classes"], image)
        difference = max(abs(python[label] - ours.get(label, 0.0)) for label in python)
        if difference > arguments.tolerance:
            print(f"{image}: differs by {difference:.2g}: Python {python}, ours {ours}")
        greatest = max(greatest, difference)
    print(f"{len(arguments.images)} images, TensorFlow {tf.__version__}: "
          f"greatest difference {greatest:.2g}")
    sys.exit(0 if greatest <= arguments.tolerance else 1)


if __name__ == "__main__":
    main()
