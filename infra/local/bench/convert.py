#!/usr/bin/env python3
"""Converts a SavedModel of ours for ONNX Runtime: convert.py SAVED_MODEL ONNX_FILE"""

import sys

from handler import to_onnx

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[2], "wb") as file:
        file.write(to_onnx(sys.argv[1]))
