"""Looks at what a deployed stack consists of, by asking the services."""

import json
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from botocore.exceptions import ClientError

import deployment
import gate
import images
import parameters
import roles
import source
import watching
from deployment import client

# settings that no function is given, and so has by default, or by its image
BY_DEFAULT = {
    "PIGEONHOLE_IMAGE_MAX_BYTES",
    "PIGEONHOLE_IMAGE_MAX_PIXELS",
    "PIGEONHOLE_LOG_JSON",
    "PIGEONHOLE_MODELS_BUNDLED",
    "PIGEONHOLE_TRAIN_BASES",
}
# Quarkus' own
LAMBDA_HANDLER = "QUARKUS_LAMBDA_HANDLER"


@dataclass
class Outcomes:
    """How many things were looked at, and which were not as they should be."""

    checked: int = 0
    problems: list = field(default_factory=list)

    def equal(self, what, found, expected):
        self.checked += 1
        if found == expected:
            return
        if isinstance(expected, set):
            missing, more = sorted(expected - found), sorted(found - expected, key=str)
            self.problems.append(f"{what}: missing {missing}, not expected {more}")
        else:
            self.problems.append(f"{what}: expected {expected}, found {found}")

    def holds(self, what, truth):
        self.equal(what, bool(truth), True)
        return bool(truth)


def check(stack):
    """All of it; at last, the stack is deleted."""
    found = Outcomes()
    looks = [buckets, queues, functions, label_is_fed, api, gate.check, roles.check, watching.check]
    looks += [parameters.check, images.check, bundled_model, outputs]
    if stack.trains:
        looks.append(training)
    for look in [*looks, an_upload_reaches_the_queue, data_outlive_the_stack]:
        try:
            look(stack, found)
        except Exception as problem:  # what is not there cannot be looked at, but the rest can
            name = f"{look.__module__}.{look.__name__}"
            found.problems.append(f"{name}: {type(problem).__name__}: {problem}")
    return found


def buckets(stack, found):
    s3 = client("s3")
    expected = {"Results", "Models"}
    if not stack.parameters.get("ExistingImagesBucket"):
        expected.add("Images")
    if stack.trains:
        expected.add("Dataset")
    found.equal("buckets", set(stack.of_type("AWS::S3::Bucket")), expected)
    if "Images" in stack:
        after = stack.template["Resources"]["Images"].get("DependsOn")
        found.equal("Images, after what lets it tell the queue", after, "QueuePolicy")
    for logical in stack.of_type("AWS::S3::Bucket"):
        name = stack[logical]
        rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        key = stack.parameters.get("KeyArn")
        found.equal(
            f"{logical}, encryption",
            rules[0]["ApplyServerSideEncryptionByDefault"],
            {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
            if key
            else {"SSEAlgorithm": "AES256"},
        )
        versions = s3.get_bucket_versioning(Bucket=name).get("Status")
        found.equal(f"{logical}, versions", versions, "Enabled")
        block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        found.equal(f"{logical}, public access is blocked", set(block.values()), {True})
        owner = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
        found.equal(
            f"{logical}, no access lists", owner[0]["ObjectOwnership"], "BucketOwnerEnforced"
        )
        policy = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])
        arn = f"arn:aws:s3:::{name}"
        found.holds(
            f"{logical}, only by TLS", refuses_without_tls(policy, "s3:*", [arn, f"{arn}/*"])
        )
        lifecycle = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
        found.holds(
            f"{logical}, old versions end",
            any("NoncurrentVersionExpiration" in rule for rule in lifecycle),
        )
        found.equal(
            f"{logical}, no current object of users ends",
            [
                rule["Filter"]["Prefix"]
                for rule in lifecycle
                if "Days" in rule.get("Expiration", {}) and rule["Filter"]["Prefix"] != "backfill/"
            ],
            [],
        )
        if logical == "Images":
            uploads = stack.parameters.get("ImagesPrefix", "") + "uploads/"
            found.equal(
                "old versions of uploads end soon",
                [
                    rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
                    for rule in lifecycle
                    if rule["Filter"].get("Prefix") == uploads
                ],
                [1],
            )
        cors = has_cors(s3, name)
        found.equal(f"{logical}, browsers may upload", cors, logical == "Images")


def has_cors(s3, name):
    try:
        rules = s3.get_bucket_cors(Bucket=name)["CORSRules"]
        return any(
            "PUT" in rule["AllowedMethods"]
            and {"Content-Type", "If-None-Match"} <= set(rule["AllowedHeaders"])
            for rule in rules
        )
    except ClientError:
        return False


def refuses_without_tls(policy, action, resources):
    return any(
        statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Action"] == action
        and statement["Resource"] in (resources, resources[0])
        and str(statement["Condition"]).lower() == "{'bool': {'aws:securetransport': false}}"
        for statement in policy["Statement"]
    )


def queues(stack, found):
    images, given_up = queue(stack, "Queue"), queue(stack, "DeadLetters")
    redrive = json.loads(images["RedrivePolicy"])
    found.equal(
        "what fails goes to the dead letters", redrive["deadLetterTargetArn"], given_up["QueueArn"]
    )
    found.equal("tries", int(redrive["maxReceiveCount"]), 20)
    # which moto keeps to itself
    allowed = stack.properties["DeadLetters"]["RedriveAllowPolicy"]
    found.equal("dead letters are this queue's", allowed["sourceQueueArns"], [images["QueueArn"]])
    found.equal("long polling", images["ReceiveMessageWaitTimeSeconds"], "20")
    timeout = client("lambda").get_function_configuration(FunctionName=stack["Label"])[
        "Timeout"
    ]
    # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    window = stack.template["Parameters"]["LabelWindow"]["MaxValue"]
    found.holds(
        "Queue, visible again after six times label's timeout and the longest window",
        int(images["VisibilityTimeout"]) >= 6 * timeout + window,
    )
    for name, attributes in (("Queue", images), ("DeadLetters", given_up)):
        key = stack.parameters.get("KeyArn")
        encrypted = "KmsMasterKeyId" if key else "SqsManagedSseEnabled"
        found.equal(f"{name}, encrypted", attributes.get(encrypted), key or "true")
        found.equal(f"{name}, 14 days", attributes["MessageRetentionPeriod"], "1209600")
        policy = json.loads(attributes["Policy"])
        found.holds(
            f"{name}, only by TLS", refuses_without_tls(policy, "sqs:*", [attributes["QueueArn"]])
        )
        found.equal(
            f"{name}, who may send",
            [
                (s["Principal"]["Service"], s["Condition"])
                for s in policy["Statement"]
                if s["Effect"] == "Allow"
                and (s["Action"], s["Resource"]) == ("sqs:SendMessage", attributes["QueueArn"])
            ],
            senders(stack, name),
        )
        others = [s for s in policy["Statement"] if s["Effect"] == "Allow"][1:]
        found.equal(f"{name}, who may do anything else", others, [])


def senders(stack, name):
    """Who may put messages into a queue."""
    if stack.parameters.get("ExistingImagesBucket"):
        rule = client("events").describe_rule(Name=stack["ImageCreated"])["Arn"]
        return [("events.amazonaws.com", {"ArnEquals": {"aws:SourceArn": rule}})]
    of_this_account = {
        "StringEquals": {"aws:SourceAccount": stack.account},
        "ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"},
    }
    return [("s3.amazonaws.com", of_this_account)] if name == "Queue" else []


def queue(stack, logical):
    return client("sqs").get_queue_attributes(
        QueueUrl=stack[logical], AttributeNames=["All"]
    )["Attributes"]


def functions(stack, found):
    expected = {"Label", "Classify", "Promote", "Backfill", "Provide"}
    if stack.trains:
        expected.add("Train")
    names = set(stack.of_type("AWS::Lambda::Function"))
    found.equal("functions", names, expected)
    there, logs = client("lambda"), client("logs")
    own_roles = set()
    for logical in names:
        function = there.get_function(FunctionName=stack[logical])
        settings = function["Configuration"]
        found.equal(
            f"{logical}, image",
            function["Code"]["ImageUri"],
            deployment.FUNCTIONS_IMAGE,
        )
        variables(logical, settings["Environment"]["Variables"], stack, found)
        role = settings["Role"].rsplit("/", 1)[-1]
        found.equal(f"{logical}, role", role, stack.resources.get(f"{logical}Role"))
        own_roles.add(role)
        groups = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{stack[logical]}")
        found.equal(
            f"{logical}, logs end", [g["retentionInDays"] for g in groups["logGroups"]], [30]
        )
    found.equal("a role for each function", len(own_roles), len(names))
    # of which the functions are told all that they can be told
    if stack.name == "everything":
        given = {name for logical in expected for name in environment(logical, stack)}
        found.equal(
            "settings of the code", given | BY_DEFAULT, source.settings() | {LAMBDA_HANDLER}
        )


def variables(logical, there, stack, found):
    """A function's whole environment."""
    expected = environment(logical, stack)
    found.equal(f"{logical}, names of variables", set(there), set(expected))
    for name in set(there) & set(expected):
        found.equal(f"{logical}, {name}", there[name], expected[name])


def environment(logical, stack):
    """What a function is to be told."""
    given = stack.parameters
    all_recipes = stack.template["Parameters"]["TrainingRecipe"]["AllowedValues"]
    common = {
        LAMBDA_HANDLER: logical.lower(),
        "PIGEONHOLE_IMAGES_BUCKET": stack.images,
        "PIGEONHOLE_RESULTS_BUCKET": stack["Results"],
        "PIGEONHOLE_MODELS_BUCKET": stack["Models"],
        "PIGEONHOLE_MODEL_NAME": given.get("ModelName", "cifar10"),
        "PIGEONHOLE_MODEL_REFRESH": given.get("ModelRefresh", "PT1M"),
        "PIGEONHOLE_METRICS_NAMESPACE": watching.own(stack),
        "PIGEONHOLE_OUTPUTS": given.get("ImageOutputs", "result,tags,index"),
        "PIGEONHOLE_TAGS": given.get("ImageTags", "label,confidence,model"),
    }
    if given.get("ImagesPrefix"):
        common["PIGEONHOLE_IMAGES_PREFIX"] = given["ImagesPrefix"]
    origins = {"PIGEONHOLE_CORS_ORIGINS": given.get("CorsOrigins", "")} | gate.settings(stack)
    if logical == "Label":
        return common | {"PIGEONHOLE_LABEL_QUEUE": stack["Queue"]}
    if logical in ("Classify", "Promote"):
        return common | origins
    if logical == "Backfill" and given.get("BackfillOutputs"):
        return common | {"PIGEONHOLE_OUTPUTS": given["BackfillOutputs"]}
    if logical == "Train":
        return (
            common
            | origins
            | {
                "PIGEONHOLE_TRAIN_JOB_QUEUE": stack["TrainingQueue"],
                "PIGEONHOLE_TRAIN_JOB_DEFINITION": stack["TrainingJob"],
                "PIGEONHOLE_TRAIN_RECIPES": ",".join(all_recipes),
                "PIGEONHOLE_DATASET_BUCKET": stack["Dataset"],
            }
        )
    return common


def bundled_model(stack, found):
    """Who puts it into the models bucket, and how long the deployment waits for it."""
    properties = stack.properties["BundledModel"]
    function = client("lambda").get_function_configuration(FunctionName=stack["Provide"])
    found.equal("BundledModel, made by", properties["ServiceToken"], function["FunctionArn"])
    # once, and two more times if CloudFormation was not told
    waits = int(properties.get("ServiceTimeout", 3600))
    found.holds("BundledModel, waits", function["Timeout"] < waits <= 600)


def outputs(stack, found):
    """They end with where the page is, and a command that asks the API."""
    last = list(stack.template["Outputs"])[-2:]
    found.equal("last outputs", last, ["ApiUrl", "Try"])
    address = stack.outputs["ApiUrl"]
    found.holds("ApiUrl, the API's", f"https://{stack['Api']}.execute-api." in address)
    tried = stack.outputs["Try"]
    found.holds("Try, asks it", tried.startswith("curl ") and f"{address}/classify" in tried)
    asked = stack.parameters.get("ApiAuthorization", "IAM")
    shown = {
        "IAM": f"--aws-sigv4 aws:amz:{stack.region}:execute-api " in tried,
        "JWT": "Authorization: Bearer " in tried,
        "OPEN": "Authorization" not in tried and "sigv4" not in tried,
    }
    found.holds("Try, as whom", shown[asked])


def label_is_fed(stack, found):
    mappings = client("lambda").list_event_source_mappings()["EventSourceMappings"]
    found.equal("what is fed by a queue", len(mappings), 1)
    mapping = mappings[0]
    found.equal("from", mapping["EventSourceArn"], queue(stack, "Queue")["QueueArn"])
    found.equal("to", mapping["FunctionArn"].rsplit(":", 1)[-1], stack["Label"])
    found.equal("a batch", mapping["BatchSize"], 100)
    found.equal("a window", mapping["MaximumBatchingWindowInSeconds"], 2)
    found.equal("failures", mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])
    found.equal("at a time", mapping["ScalingConfig"], {"MaximumConcurrency": 20})


def api(stack, found):
    gateway = client("apigatewayv2")
    cors = gateway.get_api(ApiId=stack["Api"]).get("CorsConfiguration", {})
    origins = stack.parameters.get("CorsOrigins")
    found.equal("whose pages may use the API", ",".join(cors.get("AllowOrigins", [])), origins or "")
    if origins:
        allowed, exposed = source.headers()
        found.equal("by which methods", set(cors["AllowMethods"]), source.methods())
        found.equal("with which headers", set(cors["AllowHeaders"]), allowed)
        found.equal("to see which headers", set(cors["ExposeHeaders"]), exposed)
    stage = gateway.get_stage(ApiId=stack["Api"], StageName="$default")
    limits = stage["DefaultRouteSettings"]
    found.equal("requests a second", limits["ThrottlingRateLimit"], 50)
    found.equal("requests at once", limits["ThrottlingBurstLimit"], 100)
    costly = limits.get("DetailedMetricsEnabled", False)
    found.equal("metrics of each route, which cost and nobody looks at", costly, False)
    log = stage["AccessLogSettings"]
    groups = client("logs").describe_log_groups(logGroupNamePrefix=stack["ApiLog"])
    found.holds(
        "requests are logged",
        any(log["DestinationArn"] == g["arn"].removesuffix(":*") for g in groups["logGroups"]),
    )
    found.holds("a line of the log is JSON", json.loads(log["Format"]))


def training(stack, found):
    batch = client("batch")
    places = {
        c["computeEnvironmentArn"]: c["computeResources"]
        for c in batch.describe_compute_environments()["computeEnvironments"]
    }
    jobs = batch.describe_job_queues()["jobQueues"][0]
    order = [o["computeEnvironment"] for o in jobs["computeEnvironmentOrder"]]
    found.equal("Spot first", [places[p]["type"] for p in order], ["SPOT", "EC2"])
    for place in places.values():
        found.equal(f"{place['type']}, nothing while idle", place["minvCpus"], 0)
        found.equal(f"{place['type']}, at most", place["maxvCpus"], 4)
        found.equal(f"{place['type']}, subnets", len(place["subnets"]), 2)
    job = batch.describe_job_definitions()["jobDefinitions"][0]
    container = job["containerProperties"]
    repository = client("ecr").describe_repositories(
        repositoryNames=[stack["TrainerRepository"]]
    )["repositories"][0]
    image = f"{repository['repositoryUri']}:{stack.parameters['TrainerTag']}"
    found.equal("TrainingJob, image", container["image"], image)
    found.equal("TrainerRepository, tags stay", repository["imageTagMutability"], "IMMUTABLE")
    scanned = repository["imageScanningConfiguration"]["scanOnPush"]
    found.equal("TrainerRepository, scans", scanned, True)
    # or the stack could not be deleted
    properties = stack.properties["TrainerRepository"]
    found.equal("TrainerRepository, emptied", properties.get("EmptyOnDelete"), True)
    pushed = stack.outputs["PushTrainer"]
    found.equal("PushTrainer, image", pushed.count(image), 2)
    registry = repository["repositoryUri"].partition("/")[0]
    found.holds("PushTrainer, signs in", f"--password-stdin {registry} " in pushed)
    needs = {r["type"]: r["value"] for r in container["resourceRequirements"]}
    found.equal("GPUs", needs["GPU"], "1")
    found.holds("the role is the job's own", stack["TrainingRole"] in container["jobRoleArn"])
    found.equal(
        "TrainingJob, environment",
        container["environment"],
        [{"name": "AWS_REGION", "value": stack.region}],
    )
    # https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
    found.equal(
        "TrainingJob, tried again",
        stack.properties["TrainingJob"]["RetryStrategy"],
        {
            "Attempts": 5,
            "EvaluateOnExit": [
                {"OnStatusReason": "Host EC2*", "Action": "RETRY"},
                {"OnReason": "*", "Action": "EXIT"},
            ],
        },
    )
    machine = stack.properties["InstanceTemplate"]["LaunchTemplateData"]["MetadataOptions"]
    found.equal(
        "InstanceTemplate, containers do not reach the metadata",
        machine,
        {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
    )
    group = client("ec2").describe_security_groups(GroupIds=[stack["OnlyOut"]])
    found.equal("nothing comes in", group["SecurityGroups"][0]["IpPermissions"], [])
    function = client("lambda").get_function_configuration(FunctionName=stack["Train"])
    schedule = client("scheduler").get_schedule(Name="TrainingScheduled")
    state = stack.parameters.get("TrainingScheduleState", "DISABLED")
    found.equal("schedule", schedule["State"], state)
    found.equal("it starts", schedule["Target"]["Arn"], function["FunctionArn"])
    found.equal(
        "it starts as",
        schedule["Target"]["RoleArn"].rpartition("/")[2],
        stack["ScheduleRole"],
    )
    folder = stack.parameters.get("TrainingFolder")
    asked = {
        "recipe": stack.parameters.get("TrainingRecipe", "fast"),
        "base": stack.parameters.get("TrainingBase", ""),
        "data": f"s3://{stack['Dataset']}/{folder}" if folder else "cifar10",
        "name": stack.parameters.get("ModelName", "cifar10"),
    }
    found.equal("with", json.loads(schedule["Target"]["Input"]), asked)


def an_upload_reaches_the_queue(stack, found):
    bucket = stack.images
    prefix = stack.parameters.get("ImagesPrefix", "")
    s3, sqs = client("s3"), client("sqs")
    # moto does not look at conditions, and takes every request for one without TLS
    for logical in stack.of_type("AWS::S3::Bucket"):
        s3.delete_bucket_policy(Bucket=stack[logical])
    # S3 sends one of its own before the first
    sqs.purge_queue(QueueUrl=stack["Queue"])
    s3.put_object(Bucket=bucket, Key=f"{prefix}cat.jpg", Body=b"not an image")
    messages = sqs.receive_message(QueueUrl=stack["Queue"], WaitTimeSeconds=0)
    bodies = [json.loads(m["Body"]) for m in messages.get("Messages", [])]
    found.equal("events of an upload", len(bodies), 1)
    for body in bodies:
        # by EventBridge, or by S3 itself
        told = body["detail"] if "detail" in body else body["Records"][0]["s3"]
        which = body.get("detail-type") or body["Records"][0]["eventName"].partition(":")[0]
        found.holds(f"which, {which}", which in ("Object Created", "ObjectCreated"))
        found.equal("where", told["bucket"]["name"], bucket)
        key = told["object"]["key"]
        found.equal("what", key if "detail" in body else unquote_plus(key), f"{prefix}cat.jpg")
    if bucket == deployment.EXISTING_BUCKET:
        told = s3.get_bucket_notification_configuration(Bucket=bucket)
        kept = [q["QueueArn"].rpartition(":")[2] for q in told.get("QueueConfigurations", [])]
        found.equal(f"{bucket}, other notifications", kept, [deployment.OTHERS_QUEUE])
    if prefix:
        s3.put_object(Bucket=bucket, Key="elsewhere/cat.jpg", Body=b"not an image")
        messages = sqs.receive_message(QueueUrl=stack["Queue"], WaitTimeSeconds=0)
        found.equal("events of what is elsewhere", messages.get("Messages", []), [])


def data_outlive_the_stack(stack, found):
    for name, resource in stack.template["Resources"].items():
        if resource["Type"] in ("AWS::S3::Bucket", "AWS::S3::BucketPolicy"):
            # Retain would leave them behind when a first deployment fails
            deleted, replaced = resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")
            found.equal(f"{name}, DeletionPolicy", deleted, "RetainExceptOnCreate")
            found.equal(f"{name}, UpdateReplacePolicy", replaced, "Retain")
    if "TrainingQueue" in stack:
        # what the APIs have made keeps moto from taking the network down
        return
    s3 = client("s3")
    kept = [stack[b] for b in stack.of_type("AWS::S3::Bucket")]
    for bucket in kept:
        s3.put_object(Bucket=bucket, Key="kept", Body=b"data")
    client("cloudformation").delete_stack(StackName=stack.name)
    found.equal("functions, deleted", client("lambda").list_functions()["Functions"], [])
    for bucket in kept:
        data = s3.get_object(Bucket=bucket, Key="kept")["Body"].read()
        found.equal(f"{bucket}, kept", data, b"data")
