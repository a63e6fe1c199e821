"""Looks at what tells somebody how it is going: alarms, the dashboard, the mail of a training.

A metric that nobody writes is an alarm that never rings. AWS's are those of its documentation; the
stack's own are what the functions' code writes.
"""

import json
import re

from moto.events.models import EventPattern

import source
from deployment import client

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
OF_AWS = {
    "AWS/SQS": {
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesVisible",
        "NumberOfMessagesDeleted",
        "NumberOfMessagesSent",
    },
    "AWS/Lambda": {"ConcurrentExecutions", "Duration", "Errors", "Invocations", "Throttles"},
    "AWS/ApiGateway": {"4xx", "5xx", "Count", "IntegrationLatency", "Latency"},
}
DIMENSION = {"AWS/SQS": "QueueName", "AWS/Lambda": "FunctionName", "AWS/ApiGateway": "ApiId"}
OWN = "own"
OWN_DIMENSION = "Service"

# alarm -> over how much it rings, and what it watches: namespace, metric, statistic, and whose: a
# resource, or in the stack's own namespace a function
ALARMS = {
    "AlarmDeadLetters": (
        0,
        [("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", "DeadLetters")],
    ),
    "AlarmOldestMessage": (
        900,
        [("AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", "Queue")],
    ),
    "AlarmLabelErrors": (0, [("AWS/Lambda", "Errors", "Sum", "Label")]),
    "AlarmClassifyErrors": (0, [("AWS/Lambda", "Errors", "Sum", "Classify")]),
    "AlarmBackfillErrors": (0, [("AWS/Lambda", "Errors", "Sum", "Backfill")]),
    "AlarmTrainErrors": (0, [("AWS/Lambda", "Errors", "Sum", "Train")]),
    "AlarmThrottles": (
        0,
        [("AWS/Lambda", "Throttles", "Sum", f) for f in ("Label", "Classify", "Backfill")],
    ),
    "AlarmApiErrors": (0, [("AWS/ApiGateway", "5xx", "Sum", "Api")]),
    "AlarmModelRefused": (
        0,
        [(OWN, "ModelRefused", "Sum", f) for f in ("label", "classify", "backfill")],
    ),
    "AlarmUnknown": (50, [(OWN, "Labeled", "Sum", "label"), (OWN, "Unknown", "Sum", "label")]),
    "AlarmUnreadable": (0, [(OWN, "Unreadable", "Sum", "label")]),
}
# which parameter says over how much an alarm rings
LEVELS = {"AlarmUnknown": "UnknownAlarm"}
# what an alarm makes of its metrics where that is not their sum
MADE_OF = {"AlarmUnknown": "IF(Labeled >= 100, 100 * FILL(Unknown, 0) / Labeled, 0)"}
OF_TRAININGS = {"AlarmTrainErrors"}


def check(stack, found):
    """All of it."""
    alarms(stack, found)
    dashboard(stack, found)
    topic(stack, found)
    if stack.trains:
        mail(stack, found)
    # what functions count needs no filter of their logs
    found.equal("filters of logs", stack.of_type("AWS::Logs::MetricFilter"), [])


def alarms(stack, found):
    listed = {
        alarm["AlarmName"]: alarm
        for alarm in client("cloudwatch").describe_alarms()["MetricAlarms"]
    }
    expected = set(ALARMS) - (set() if stack.trains else OF_TRAININGS)
    found.equal("alarms", set(listed), expected)
    for name in expected & set(listed):
        alarm = listed[name]
        threshold, watched = ALARMS[name]
        threshold = float(stack.parameters.get(LEVELS.get(name), threshold))
        found.equal(f"{name} tells", alarm["AlarmActions"], [stack["Alarms"]])
        found.equal(f"{name}, on", alarm["ActionsEnabled"], True)
        found.equal(
            f"{name} rings",
            (alarm["ComparisonOperator"], alarm["Threshold"]),
            ("GreaterThanThreshold", threshold),
        )
        found.equal(f"{name}, without data", alarm["TreatMissingData"], "notBreaching")
        found.equal(
            f"{name} watches",
            sorted(metrics_of(alarm)),
            sorted(watched_by(metric, stack) for metric in watched),
        )
        found.equal(f"{name} adds up", *added_up(name, alarm))
        for namespace, metric, _, dimensions in metrics_of(alarm):
            is_written(name, namespace, metric, dict(dimensions), stack, found)


def watched_by(metric, stack):
    """A row of the table, as an alarm of the stack has it."""
    namespace, name, statistic, whose = metric
    if namespace == OWN:
        return own(stack), name, statistic, ((OWN_DIMENSION, whose),)
    value = stack[whose] if namespace != "AWS/SQS" else stack.arn(whose).rpartition(":")[2]
    return namespace, name, statistic, ((DIMENSION[namespace], value),)


def own(stack):
    return f"Pigeonhole/{stack.name}"


def metrics_of(alarm):
    if "MetricName" in alarm:
        return [
            (
                alarm["Namespace"],
                alarm["MetricName"],
                alarm["Statistic"],
                dimensions_of(alarm),
            )
        ]
    return [
        (metric["Namespace"], metric["MetricName"], stat["Stat"], dimensions_of(metric))
        for stat in (m["MetricStat"] for m in alarm["Metrics"] if m.get("MetricStat"))
        for metric in [stat["Metric"]]
    ]


def dimensions_of(metric):
    return tuple((d["Name"], d["Value"]) for d in metric.get("Dimensions", []))


def added_up(name, alarm):
    """What an alarm makes of its metrics, and what it should."""
    parts = alarm.get("Metrics", [])
    ids = {m["Id"]: m["MetricStat"]["Metric"]["MetricName"] for m in parts if m.get("MetricStat")}
    expressions = [m["Expression"] for m in parts if m.get("Expression")]
    if name in MADE_OF:
        by_metric = [re.sub(r"\w+", lambda id: ids.get(id[0], id[0]), e) for e in expressions]
        return by_metric, [MADE_OF[name]]
    return expressions, [f"SUM([{', '.join(ids)}])"] if ids else []


def is_written(where, namespace, metric, dimensions, stack, found):
    """Whether somebody writes a metric that is looked at."""
    what = f"{where}, {namespace} {metric} of {dimensions}"
    if namespace == own(stack):
        found.equal(f"{what}: dimensions", set(dimensions), {OWN_DIMENSION})
        service = dimensions.get(OWN_DIMENSION)
        found.holds(f"{what}: is written by {service}", metric in source.metrics(service))
        return
    found.holds(f"{what}: is written by AWS", metric in OF_AWS.get(namespace, set()))
    found.equal(f"{what}: dimensions", set(dimensions), {DIMENSION.get(namespace)})
    there = {stack[f] for f in stack.of_type("AWS::Lambda::Function")} | {stack["Api"]}
    there |= {stack.arn(q).rpartition(":")[2] for q in ("Queue", "DeadLetters")}
    if not stack.trains:
        # the dashboard is the same, and shows nothing of it
        there.add(f"{stack.name}-train")
    for value in dimensions.values():
        found.holds(f"{what}: is there", value in there)


def dashboard(stack, found):
    cloudwatch = client("cloudwatch")
    names = [d["DashboardName"] for d in cloudwatch.list_dashboards()["DashboardEntries"]]
    found.equal("dashboards", names, [stack.name])
    for name in names:
        body = json.loads(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])
        for widget in body["widgets"]:
            properties = widget["properties"]
            where = f"widget '{properties['title']}'"
            found.equal(f"{where}, region", properties["region"], stack.region)
            for namespace, metric, *dimensions, _ in properties["metrics"]:
                pairs = dict(zip(dimensions[::2], dimensions[1::2], strict=True))
                is_written(where, namespace, metric, pairs, stack, found)


def topic(stack, found):
    policy = client("sns").get_topic_attributes(TopicArn=stack["Alarms"])
    statements = json.loads(policy["Attributes"]["Policy"])["Statement"]
    may = {("cloudwatch.amazonaws.com", "sns:Publish", stack["Alarms"])}
    if stack.trains:
        may.add(("events.amazonaws.com", "sns:Publish", stack["Alarms"]))
    found.equal(
        "Alarms, who may publish",
        {
            (s["Principal"]["Service"], s["Action"], s["Resource"])
            for s in statements
            if s["Effect"] == "Allow"
        },
        may,
    )
    if stack.parameters.get("AlarmEmail"):
        told = client("sns").list_subscriptions_by_topic(TopicArn=stack["Alarms"])
        found.equal(
            "who is told",
            [s["Endpoint"] for s in told["Subscriptions"]],
            [stack.parameters["AlarmEmail"]],
        )


# how a training can end, and the rules that tell of it
ENDS = [
    ("is done", {"status": "SUCCEEDED", "container": {"exitCode": 0}}, set()),
    ("failed", {"status": "FAILED", "container": {"exitCode": 1}}, {"TrainingFailed"}),
    ("did not start", {"status": "FAILED", "container": {}}, {"TrainingFailed"}),
    (
        "was not good enough",
        {"status": "FAILED", "container": {"exitCode": source.not_promoted()}},
        {"TrainingNotPromoted"},
    ),
]


def mail(stack, found):
    events = client("events")
    rules = {}
    for name in ("TrainingFailed", "TrainingNotPromoted"):
        rules[name] = EventPattern.load(events.describe_rule(Name=stack[name])["EventPattern"])
        targets = events.list_targets_by_rule(Rule=stack[name])["Targets"]
        found.equal(f"{name} tells", [t["Arn"] for t in targets], [stack["Alarms"]])
        for target in targets:
            transformer = target["InputTransformer"]
            text = transformer["InputTemplate"]
            words = set(re.findall(r"<(\w+)>", text))
            found.equal(f"{name}, what it tells", words, set(transformer["InputPathsMap"]))
            found.holds(f"{name}, a text of JSON", isinstance(json.loads(text), str))
            found.holds(f"{name}, where to look", f"tail {stack['TrainingLog']} " in text)
    for what, detail, expected in ENDS:
        for queue, told in ((stack["TrainingQueue"], expected), ("another", set())):
            event = {
                "source": "aws.batch",
                "detail-type": "Batch Job State Change",
                "detail": {"jobQueue": queue, **detail},
            }
            ringing = {name for name, rule in rules.items() if rule.matches_event(event)}
            found.equal(f"a training of {queue} {what}: who is told by", ringing, told)
