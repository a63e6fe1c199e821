#!/usr/bin/env python3
"""What the start of TensorFlow is made of: floor.c with one thing changed at a time, in alternation.

    floor.py PUBLISHED BUILT MODEL_FOLDER [ROUNDS]

PUBLISHED is a folder with TensorFlow's libraries as they are in the jar tensorflow-core-native, BUILT
functions/target/tensorflow. Needs cc and strip. Prints medians of the CPU and the wall milliseconds from the start of the process
to the answer, and the megabytes of memory at the peak.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]

# graph_options { rewrite_options { disable_meta_optimizer: true } }
NO_GRAPPLER = "52 05 52 03 98 01 01".split()
# graph_options { optimizer_options { opt_level: L0 } }
NO_OPTIMIZER = "52 0d 1a 0b 18 ff ff ff ff ff ff ff ff ff 01".split()


def compiled(libraries, program, *options):
    command = ["cc", "-O2", os.path.join(HERE, "floor.c"), "-o", program, *options]
    command += [os.path.join(libraries, name) for name in LIBRARIES]
    subprocess.run([*command, "-Wl,-rpath," + libraries], check=True)
    return program


def start(command, environment):
    begin = time.perf_counter()
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        words = process.stdout.readline().split()
        wall = 1000 * (time.perf_counter() - begin)
    return float(words[1]), wall, float(words[2])


def stripped(libraries, folder):
    os.mkdir(folder)
    for name in LIBRARIES:
        shutil.copy(os.path.join(libraries, name), folder)
        strip = ["strip", "--strip-unneeded", os.path.join(folder, name)]
        subprocess.run(strip, check=True)
    return folder


def empty(libraries, program):
    """A program that has the libraries loaded, and ends."""
    with open(program + ".c", "w") as file:
        file.write('#include <stdio.h>\n#include <time.h>\n#include <unistd.h>\n'
                   'int TF_Version(void); int main(int n, char **a) {'
                   ' if (n > 9) TF_Version();'
                   ' printf("0 %f 0\\n", clock() * 1e3 / CLOCKS_PER_SEC); fflush(stdout);'
                   ' _exit(0); }')
    load = ["cc", program + ".c", "-o", program]
    load += [os.path.join(libraries, name) for name in LIBRARIES]
    subprocess.run([*load, "-Wl,--no-as-needed", "-Wl,-rpath," + libraries], check=True)
    return program


def main(published, built, model, rounds=15):
    with tempfile.TemporaryDirectory() as folder:
        one = stripped(published, os.path.join(folder, "published"))
        other = stripped(built, os.path.join(folder, "built"))
        plain = compiled(published, os.path.join(folder, "plain"))
        small = compiled(one, os.path.join(folder, "small"))
        bound = compiled(other, os.path.join(folder, "bound"))
        variants = {
            "as it is published": ([plain, model], {}),
            "stripped": ([small, model], {}),
            "stripped, no oneDNN": ([small, model], {"TF_ENABLE_ONEDNN_OPTS": "0"}),
            "stripped, no Grappler": ([small, model, *NO_GRAPPLER], {}),
            "stripped, no graph optimiser": ([small, model, *NO_OPTIMIZER], {}),
            "stripped, own symbols bound": ([bound, model], {}),
            "stripped, own symbols bound, no Grappler": ([bound, model, *NO_GRAPPLER], {}),
            "stripped, loaded only": ([empty(one, os.path.join(folder, "load"))], {}),
            "stripped, own symbols bound, loaded only": (
                [empty(other, os.path.join(folder, "load-bound"))], {}),
        }
        measured = {name: [] for name in variants}
        for number in range(rounds + 1):
            for name, (command, environment) in variants.items():
                figures = start(command, environment)
                if number:  # the first fills the page cache
                    measured[name].append(figures)
    print("| C program | CPU ms | ms | peak MB |\n|---|---|---|---|")
    for name, figures in measured.items():
        medians = [statistics.median(each) for each in zip(*figures)]
        print("| %s | %.0f | %.0f | %.0f |" % (name, *medians))


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    main(*map(os.path.abspath, sys.argv[1:4]), *map(int, sys.argv[4:]))
