"""Reckons what a stack costs a month, in Markdown.

    python3 infra/costs/costs.py [--prices FILE] [--processor NAME] [--images small|photo]
    python3 infra/costs/costs.py --readme infra/README.md [--write]

Prices, with their sources and dates, are in prices.csv; give a file of your own region's with
--prices. measured.csv is what UsageIT counts, and infra/local/bench what the benchmarks measure, on
the processor that is named. What nobody measured is in assumed.csv. With --readme, fails if the
table there is another, or writes it.
"""

import argparse
import csv
import math
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCH = HERE.parent / "local/bench"
COLUMNS = [0, 10_000, 1_000_000, 100_000_000]
# of the benchmark of label: its column of processor time
PROCESSOR_TIME = {"small": 2, "photo": 8}
BETWEEN = re.compile(r"(<!-- costs -->\n).*?(<!-- end -->)", re.DOTALL)


def rows(file):
    """The lines of a CSV file below its names; comments are left out."""
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(line for line in text if not line.startswith("#")))[1:]


class Costs:
    """Dollars of a month."""

    def __init__(self, prices, processor, images):
        self.prices = {name: float(dollars) / float(per) for name, dollars, per, *_ in rows(prices)}
        self.assumed = {name: float(value) for name, value, *_ in rows(HERE / "assumed.csv")}
        names = ["GET", "PUT", "image bytes", "invocation bytes", "metrics"]
        self.measured = {
            function: dict(zip(names, map(float, figures), strict=True))
            for function, *figures in rows(HERE / "measured.csv")
        }
        label = {row[0]: row for row in rows(BENCH / f"label-{processor}.csv")}
        self.image_ms = float(label["the function"][PROCESSOR_TIME[images]])
        if images == "photo":
            self.image_ms += self.assumed["TLS milliseconds, photo"]
        cold = {row[0]: row for row in rows(BENCH / f"cold-{processor}.csv")}
        self.start_ms = (
            self.on_lambda(cold["JVM 25, AOT cache"])
            + self.assumed["TLS milliseconds, start"] / self.processors
        )
        warm = {row[0]: row for row in rows(BENCH / f"classify-{processor}.csv")}
        self.classify_ms = self.on_lambda(warm["the handler"])

    @property
    def processors(self):
        return self.assumed["memory MB"] / self.assumed["MB of a processor"]

    def on_lambda(self, row):
        """Milliseconds: as measured, or longer where Lambda has less processors."""
        return max(float(row[1]), float(row[2]) / self.processors)

    def cost(self, price, amount):
        return self.prices[price] * amount

    def started(self, invocations):
        """The part of invocations that start a process: none was there, or it had been idle for
        too long. They come independently of each other."""
        rate = invocations / self.assumed["seconds of a month"]
        return math.exp(-rate * self.assumed["kept idle seconds"])

    def invoked(self, invocations, ms):
        """Invocations of so many milliseconds, of the wall, and starts."""
        whole = ms + self.started(invocations) * self.start_ms
        gb_seconds = invocations * whole / 1000 * self.assumed["memory MB"] / 1024
        return self.cost("Lambda requests", invocations) + self.cost(
            "Lambda GB-seconds", gb_seconds
        )

    def labeling_ms(self, batch, function="label"):
        """Of a batch: each image waits for its requests to S3, but many at a time."""
        requests = self.measured[function]["GET"] + self.measured[function]["PUT"]
        waves = math.ceil(batch / self.assumed["requests at a time"])
        waiting = waves * requests * self.assumed["S3 milliseconds"]
        return waiting + batch * self.image_ms / self.processors

    def traces(self, invocations):
        """Of the first of each second, and of some of the others."""
        first = min(invocations, self.assumed["seconds of a month"])
        return self.cost("Traces", first + (invocations - first) * self.assumed["traced"])

    def s3(self, images, function="label"):
        used = self.measured[function]
        return self.cost("S3 GET", images * used["GET"]) + self.cost(
            "S3 PUT", images * used["PUT"]
        )

    def log(self, function, images, invocations, more=0):
        used = self.measured[function]
        each = used["invocation bytes"] + self.assumed["platform log bytes"] + more
        return self.cost("Logs GB", (images * used["image bytes"] + invocations * each) / 1e9)

    def metrics(self, function, invocations):
        """CloudWatch counts a metric for the hours in which it was written."""
        an_hour = invocations / self.assumed["seconds of a month"] * 3600
        return self.cost("Metrics", self.measured[function]["metrics"] * (1 - math.exp(-an_hour)))

    def batch(self, images):
        """The images of an invocation: those that a poller gets in a window."""
        rate = images / self.assumed["seconds of a month"] / self.assumed["pollers"]
        return max(1, rate * self.assumed["window seconds"])

    def month(self, images):
        """What a month of so many images costs, by name."""
        batch = self.batch(images)
        invocations = images / batch
        at_once = self.assumed["messages a request"]
        empty = self.assumed["pollers"] * self.assumed["seconds of a month"]
        receives = max(empty / self.assumed["poll seconds"], images / at_once)
        deletes = images / min(batch, at_once)
        return {
            "S3: requests": self.s3(images),
            "S3: tags, each month from then on": self.cost(
                "S3 tags", images * self.assumed["tags an image"]
            ),
            "SQS: sent, received (also when there is nothing), deleted": self.cost(
                "SQS", images + receives + deletes
            ),
            "Lambda: requests and time": self.invoked(invocations, self.labeling_ms(batch)),
            "CloudWatch: logs": self.log("label", images, invocations),
            "CloudWatch: metrics of `label`": self.metrics("label", invocations),
            "CloudWatch: alarms": self.cost("Alarms", alarm_metrics()),
            "CloudWatch: dashboard": self.cost("Dashboards", 1),
            "X-Ray": self.traces(invocations),
            "ECR": self.cost("ECR GB", functions() * self.assumed["functions image GB"]),
        }

    def backfill(self, objects):
        """A job, which invokes the function once an object."""
        ms = self.labeling_ms(1, "backfill")
        return (
            self.cost("Batch Operations jobs", 1)
            + self.cost("Batch Operations objects", objects)
            + self.s3(objects, "backfill")
            + self.cost("S3 tags", objects * self.assumed["tags an image"])
            + self.invoked(objects, ms)
            + self.log("backfill", 0, objects)
            + self.traces(objects)
        )

    def requests(self, count):
        """Requests of the API to classify."""
        access = self.assumed["access log bytes"]
        return (
            self.cost("API Gateway", count)
            + self.invoked(count, self.classify_ms)
            + self.log("classify", 0, count, access)
            + self.metrics("classify", count)
            + self.traces(count)
        )

    def in_front(self, requests):
        """What cloudfront.yaml makes, and requests that pass it."""
        return (
            self.cost("WAF web ACLs", 1)
            + self.cost("WAF rules", rules())
            + self.cost("WAF requests", requests)
            + self.cost("CloudFront requests", requests)
        )

    def training_hour(self):
        hours = self.assumed["seconds of a month"] / 3600
        disk = self.cost("EBS GB", self.assumed["training disk GB"]) / hours
        return self.cost("g4dn.xlarge hours", 1) + self.cost("IPv4 hours", 1) + disk

    def markdown(self):
        months = [self.month(images) for images in COLUMNS]
        lines = ["| | idle | " + " | ".join(f"{n:,} images" for n in COLUMNS[1:]) + " |"]
        lines.append("|" + "---|" * (len(COLUMNS) + 1))
        lines += [line(name, [month[name] for month in months]) for name in months[0]]
        totals = [sum(month.values()) for month in months]
        lines.append(line("**together, dollars**", totals, "**{}**"))
        events = [n * self.assumed["events an image"] for n in COLUMNS]
        lines.append(
            line(
                "with a bucket that exists also EventBridge: created and tagged",
                [self.cost("EventBridge", n) for n in events],
            )
        )
        million = 1_000_000
        lines += [
            "",
            f"Beside that, in dollars: a backfill of a million objects {shown(self.backfill(million))},"
            f" the same number of requests to `POST /classify` {shown(self.requests(million))},"
            f" an hour of training on demand {shown(self.training_hour())};"
            f" CloudFront and WAF, if they are in front of the API, {shown(self.in_front(0))} idle and"
            f" {shown(self.in_front(million))} with a million requests.",
        ]
        return "\n".join(lines)


def read_template():
    return (HERE.parent / "template.yaml").read_text(encoding="utf-8")


def functions():
    """How many repositories SAM CLI makes: one for each function, even of a stack without it."""
    return read_template().count("Type: AWS::Serverless::Function")


def rules():
    """How many rules of WAF look at a request."""
    return (HERE.parent / "cloudfront.yaml").read_text(encoding="utf-8").count("Priority: ")


def alarm_metrics():
    """How many metrics the template's alarms look at, but for those of trainings."""
    template = read_template()
    count = 0
    for block in re.findall(r"^  \w+:\n(?:(?:    .*)?\n)*", template, re.MULTILINE):
        if "Type: AWS::CloudWatch::Alarm" in block and "Condition: WithTraining" not in block:
            count += max(1, block.count("MetricStat:"))
    return count


def line(name, amounts, form="{}"):
    return f"| {name} | " + " | ".join(form.format(shown(a)) for a in amounts) + " |"


def shown(dollars):
    """Cents where they count."""
    return "0" if dollars == 0 else f"{dollars:.2f}" if dollars < 99.995 else f"{dollars:,.0f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prices", type=Path, default=HERE / "prices.csv")
    parser.add_argument("--processor", default="amd-25-17")
    parser.add_argument("--images", choices=PROCESSOR_TIME, default="photo")
    parser.add_argument("--readme", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    table = Costs(asked.prices, asked.processor, asked.images).markdown()
    if not asked.readme:
        print(table)
        return 0
    text = asked.readme.read_text(encoding="utf-8")
    renewed, places = BETWEEN.subn(lambda m: f"{m[1]}\n{table}\n\n{m[2]}", text)
    if asked.write:
        asked.readme.write_text(renewed, encoding="utf-8")
    elif places != 1 or renewed != text:
        print(f"{asked.readme}: the costs are others; --write renews them", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
