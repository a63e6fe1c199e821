"""What the functions' code reads and writes, by its source: settings, operations and metrics."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "functions/src/main/java/io/pigeonhole"

# who writes the metrics of whom: which file names what is counted there
COUNTED_IN = {
    "label": "label/LabelReport.java",
    "backfill": "label/LabelReport.java",
    "classify": "classify/ClassifyHandler.java",
}
# and what all of them write
MEASURED_IN = ["metrics/InvocationMetrics.java", "metrics/Stage.java"]

SETTING = re.compile(r'"(pigeonhole\.[a-z.-]+)"')
OPERATION = re.compile(r'Operation\s*\.(get|post|put)\(\s*"([^"]+)",\s*"\w+",\s*Level\.(\w+)\)')
METRIC = re.compile(r'"([A-Z][A-Za-z]+)"')


def settings():
    """The environment variables that stand for settings."""
    names = set()
    for file in SOURCES.rglob("*.java"):
        names.update(SETTING.findall(file.read_text(encoding="utf-8")))
    return {name.upper().replace(".", "_").replace("-", "_") for name in names}


def metrics(service):
    """The metrics that a function writes, but for those that are named by a code of an error or
    the status of an answer."""
    names = set()
    for file in [*MEASURED_IN, *([COUNTED_IN[service]] if service in COUNTED_IN else [])]:
        names.update(METRIC.findall((SOURCES / file).read_text(encoding="utf-8")))
    return names if service in COUNTED_IN else set()


def not_promoted():
    """What the trainer ends with when its model is published, but not put into service."""
    file = SOURCES / "train/TrainingJobs.java"
    return int(re.search(r"NOT_PROMOTED = (\d+);", file.read_text(encoding="utf-8")).group(1))


@dataclass(frozen=True)
class Operation:
    """What the API can be asked, and which of the levels somebody needs for it."""

    method: str
    path: str
    level: str


@functools.cache
def operations():
    """All of the API, HEAD included: it is answered as GET, without the body."""
    found = set()
    for file in SOURCES.rglob("*.java"):
        for method, path, level in OPERATION.findall(file.read_text(encoding="utf-8")):
            found.add(Operation(method.upper(), path, level))
    heads = {Operation("HEAD", o.path, o.level) for o in found if o.method == "GET"}
    return sorted(found | heads, key=lambda o: (o.path, o.method))


def methods():
    """Those of the API."""
    return {operation.method for operation in operations()}


def headers():
    """What pages of other origins may send, and see of what comes back."""
    text = (SOURCES / "api/Origins.java").read_text(encoding="utf-8")
    sent = "".join(re.findall(r'"([^"]*)"', re.search(r"HEADERS =(.*?);", text, re.DOTALL)[1]))
    seen = re.search(r'"Access-Control-Expose-Headers", "([^"]*)"', text)[1]
    return set(re.split(", *", sent)), set(re.split(", *", seen))
