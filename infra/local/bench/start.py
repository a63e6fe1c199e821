#!/usr/bin/env python3
"""A classify function in Python, from its start on, to be measured beside ours.

    start.py tensorflow|onnx

Speaks the Lambda Runtime API, and fetches the model from S3, as PIGEONHOLE_MODELS_BUCKET and the
AWS SDK's own variables say. Needs boto3, pillow, and tensorflow-cpu or onnxruntime; for onnx the
bucket has models/cifar10/model.onnx, see convert.py.
"""

import json
import os
import sys
import tempfile
import urllib.request

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import boto3

from handler import handler


def fetch(engine):
    s3 = boto3.client("s3", endpoint_url=os.environ["QUARKUS_S3_ENDPOINT_OVERRIDE"])
    bucket = os.environ["PIGEONHOLE_MODELS_BUCKET"]
    root = "models/" + os.environ["PIGEONHOLE_MODEL_NAME"]
    manifest = json.load(s3.get_object(Bucket=bucket, Key=root + "/current.json")["Body"])
    if engine == "onnx":
        import onnxruntime

        model = s3.get_object(Bucket=bucket, Key=root + "/model.onnx")["Body"].read()
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        return manifest, lambda images: session.run(["probabilities"], {"images": images})[0]
    import tensorflow

    folder = tempfile.mkdtemp()
    key = f"{root}/{manifest['version']}/saved_model.pb"
    with open(os.path.join(folder, "saved_model.pb"), "wb") as file:
        file.write(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    model = tensorflow.saved_model.load(folder)
    signature = model.signatures["serving_default"]
    return manifest, lambda images: signature(images=tensorflow.constant(images))[
        "probabilities"
    ].numpy()


def main(engine):
    manifest, predict = fetch(engine)
    api = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation/"
    while True:
        with urllib.request.urlopen(api + "next") as given:
            request = given.headers["Lambda-Runtime-Aws-Request-Id"]
            event = json.load(given)
        answer = json.dumps(handler(event, None, manifest, predict)).encode()
        urllib.request.urlopen(f"{api}{request}/response", answer).close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
