"""Decodes the files that it is told of, one a line, and answers with the milliseconds that each took."""

import sys
import time

from PIL import Image

Image.MAX_IMAGE_PIXELS = None
for line in sys.stdin:
    start = time.perf_counter()
    try:
        Image.open(line.strip()).convert("RGB")
        print((time.perf_counter() - start) * 1000, flush=True)
    except OSError:
        print("NaN", flush=True)
