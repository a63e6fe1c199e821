#!/usr/bin/env python3
"""The classify function as one would write it in Python, to be measured beside ours.

    handler.py tensorflow|onnx MODEL_FOLDER EVENT_FILE

Needs tensorflow-cpu and pillow, or onnxruntime, onnx, pillow and tensorflow-cpu (which reads the
SavedModel that is converted, before anything is measured). Each line of input, a number, is answered
with the median of the milliseconds of one call, and the CPU milliseconds of one.
"""

import base64
import io
import json
import os
import statistics
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def handler(event, context, manifest, predict):
    import numpy
    from PIL import Image

    image = Image.open(io.BytesIO(base64.b64decode(event["body"]))).convert("RGB")
    spec = manifest["input"]
    if image.size != (spec["width"], spec["height"]):
        image = image.resize((spec["width"], spec["height"]))
    row = predict(numpy.asarray(image, dtype=numpy.uint8)[None])[0]
    best = sorted(zip(manifest["classes"], row), key=lambda p: -p[1])[:5]
    body = {
        "label": best[0][0],
        "confidence": float(best[0][1]),
        "predictions": [{"label": label, "confidence": float(p)} for label, p in best],
    }
    return {"statusCode": 200, "body": json.dumps(body)}


def with_tensorflow(folder):
    import tensorflow as tf

    model = tf.saved_model.load(folder)
    signature = model.signatures["serving_default"]
    return lambda images: signature(images=tf.constant(images))["probabilities"].numpy()


def with_onnx(folder):
    import onnxruntime

    session = onnxruntime.InferenceSession(
        to_onnx(os.path.join(folder, "saved_model.pb")), providers=["CPUExecutionProvider"]
    )
    return lambda images: session.run(["probabilities"], {"images": images})[0]


def to_onnx(path):
    """Converts a frozen graph of the ops that our recipes use, node by node."""
    import numpy
    from onnx import TensorProto, helper, numpy_helper
    from tensorflow.core.protobuf import saved_model_pb2
    from tensorflow.python.framework.tensor_util import MakeNdarray

    model = saved_model_pb2.SavedModel()
    with open(path, "rb") as file:
        model.ParseFromString(file.read())
    graph = model.meta_graphs[0].graph_def
    constants, nodes, initializers = {}, [], []

    def constant(name, value):
        initializers.append(numpy_helper.from_array(numpy.ascontiguousarray(value), name))
        return name

    def add(op, inputs, name, **attributes):
        nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))

    def nhwc(op, inputs, name, **attributes):
        add("Transpose", [inputs[0]], name + "_in", perm=[0, 3, 1, 2])
        add(op, [name + "_in", *inputs[1:]], name + "_out", **attributes)
        add("Transpose", [name + "_out"], name, perm=[0, 2, 3, 1])

    # not those of other answers
    needed, by_name = {"probabilities"}, {node.name: node for node in graph.node}
    waiting = list(needed)
    while waiting:
        inputs = set(by_name[waiting.pop()].input) - needed
        needed |= inputs
        waiting += inputs
    for node in graph.node:
        if node.name not in needed:
            continue
        name, inputs, attr = node.name, list(node.input), node.attr
        if node.op == "Const":
            constants[name] = MakeNdarray(attr["value"].tensor)
            if constants[name].dtype.kind == "f":
                constants[name] = constants[name].astype(numpy.float32)
                constant(name, constants[name])
        elif node.op == "Cast":
            if inputs[0] in constants:
                constants[name] = constants[inputs[0]]
            add("Cast", inputs, name, to=TensorProto.FLOAT)
        elif node.op == "ReverseV2":
            start = constant(name + "_start", numpy.array([-1], numpy.int64))
            end = constant(name + "_end", numpy.array([-(2**31)], numpy.int64))
            axis = constant(name + "_axis", constants[inputs[1]].reshape(-1).astype(numpy.int64))
            add("Slice", [inputs[0], start, end, axis, start], name)
        elif node.op == "ConcatV2":
            add("Concat", inputs[:-1], name, axis=int(constants[inputs[-1]]))
        elif node.op == "Rsqrt":
            constant(name, 1 / numpy.sqrt(constants[inputs[0]]))
        elif node.op == "Conv2D":
            kernel = constants[inputs[1]].transpose(3, 2, 0, 1)
            pad = (kernel.shape[2] - 1) // 2 if attr["padding"].s == b"SAME" else 0
            constant(name + "_kernel", kernel)
            nhwc("Conv", [inputs[0], name + "_kernel"], name, pads=[pad] * 4)
        elif node.op == "MaxPool":
            size, step = list(attr["ksize"].list.i)[1:3], list(attr["strides"].list.i)[1:3]
            nhwc("MaxPool", inputs, name, kernel_shape=size, strides=step)
        elif node.op == "Reshape":
            add("Reshape", [inputs[0], constant(name + "_shape", constants[inputs[1]].astype(numpy.int64))], name)
        elif node.op == "Mean":
            axes = constant(name + "_axes", constants[inputs[1]].reshape(-1).astype(numpy.int64))
            add("ReduceMean", [inputs[0], axes], name, keepdims=0)
        elif node.op != "Placeholder":
            ops = {"Sub": "Sub", "Mul": "Mul", "BiasAdd": "Add", "Relu": "Relu", "MatMul": "MatMul"}
            add({**ops, "Softmax": "Softmax"}[node.op], inputs, name)
    height = width = 32
    images = helper.make_tensor_value_info("images", TensorProto.UINT8, [None, height, width, 3])
    answer = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 10])
    onnx_graph = helper.make_graph(nodes, "network", [images], [answer], initializers)
    made = helper.make_model(onnx_graph, opset_imports=[helper.make_opsetid("", 18)])
    made.ir_version = 9
    return made.SerializeToString()


def main(engine, folder, event_file):
    with open(os.path.join(folder, "manifest.json")) as file:
        manifest = json.load(file)
    with open(event_file) as file:
        event = file.read()
    predict = with_tensorflow(folder) if engine == "tensorflow" else with_onnx(folder)
    for line in sys.stdin:
        if not line.strip():
            break
        times, cpu = [], time.process_time()
        for _ in range(int(line)):
            start = time.perf_counter()
            answer = handler(json.loads(event), None, manifest, predict)
            times.append(1000 * (time.perf_counter() - start))
        cpu = 1000 * (time.process_time() - cpu) / len(times)
        print("measured %f %f" % (statistics.median(times), cpu), flush=True)
    print(json.loads(answer["body"])["label"], json.loads(answer["body"])["confidence"], file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
