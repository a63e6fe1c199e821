"""Deploys a template to moto: by its CloudFormation what that knows, and the rest by the services'
own APIs, with the properties that CloudFormation would hand them.

botocore checks the names and types of those properties, and moto what they refer to.
"""

import copy
import functools
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import jmespath

ACCOUNT = "123456789012"
REGION = "us-east-1"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
FUNCTIONS_IMAGE = f"{REGISTRY}/pigeonhole-functions:1"
EXISTING_BUCKET = "photos-of-before"
# which is told of what is removed from it
OTHERS_QUEUE = "removed-photos"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
IMAGES_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0987dcba-09fe-87dc-65ba-ab0987654321"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"


@functools.cache
def client(service):
    """Whom to ask; to make one takes as long as a request."""
    return boto3.client(service)


def lower_names(value):
    """AWS Batch's API calls containerProperties what CloudFormation calls ContainerProperties."""
    if isinstance(value, list):
        return [lower_names(item) for item in value]
    if isinstance(value, dict):
        # the options of a log driver are named as the driver likes
        return {
            name[0].lower() + name[1:]: item if name == "Options" else lower_names(item)
            for name, item in value.items()
        }
    return value


def api(name, properties):
    return client("apigatewayv2").create_api(**properties)["ApiId"]


def api_part(operation, identity):
    def create(name, properties):
        return getattr(client("apigatewayv2"), operation)(**properties)[identity]

    return create


def user_pool(name, properties):
    known = {"PoolName" if k == "UserPoolName" else k: v for k, v in properties.items()}
    # which has an operation of its own
    kinds = known.pop("EnabledMfas")
    identity = client("cognito-idp").create_user_pool(**known)["UserPool"]["Id"]
    client("cognito-idp").set_user_pool_mfa_config(
        UserPoolId=identity,
        MfaConfiguration=known["MfaConfiguration"],
        SoftwareTokenMfaConfiguration={"Enabled": kinds == ["SOFTWARE_TOKEN_MFA"]},
    )
    return identity


def user_pool_part(operation, identity, result=None):
    def create(name, properties):
        answer = getattr(client("cognito-idp"), operation)(**properties)
        return (answer[result] if result else properties)[identity]

    return create


def alarm(name, properties):
    client("cloudwatch").put_metric_alarm(AlarmName=name, **properties)
    return name


def metric_filter(name, properties):
    client("logs").put_metric_filter(
        filterName=name,
        logGroupName=properties["LogGroupName"],
        filterPattern=properties["FilterPattern"],
        metricTransformations=lower_names(properties["MetricTransformations"]),
    )
    return name


def bucket_policy(name, properties):
    client("s3").put_bucket_policy(
        Bucket=properties["Bucket"], Policy=json.dumps(properties["PolicyDocument"])
    )
    return name


def queue_policy(name, properties):
    for queue in properties["Queues"]:
        client("sqs").set_queue_attributes(
            QueueUrl=queue, Attributes={"Policy": json.dumps(properties["PolicyDocument"])}
        )
    return name


def topic_policy(name, properties):
    for topic in properties["Topics"]:
        client("sns").set_topic_attributes(
            TopicArn=topic,
            AttributeName="Policy",
            AttributeValue=json.dumps(properties["PolicyDocument"]),
        )
    return name


def subscription(name, properties):
    return client("sns").subscribe(**properties)["SubscriptionArn"]


def schedule(name, properties):
    client("scheduler").create_schedule(Name=name, **properties)
    return name


def compute_environment(name, properties):
    known = copy.deepcopy(properties)
    # these two are about updates, and CloudFormation's alone
    del known["ReplaceComputeEnvironment"]
    del known["ComputeResources"]["UpdateToLatestImageVersion"]
    # in AWS, Batch makes itself a role where none is given
    known["ServiceRole"] = f"arn:aws:iam::{ACCOUNT}:role/batch"
    return client("batch").create_compute_environment(
        computeEnvironmentName=name, **lower_names(known)
    )["computeEnvironmentArn"]


def job_queue(name, properties):
    return client("batch").create_job_queue(jobQueueName=name, **lower_names(properties))[
        "jobQueueArn"
    ]


def job_definition(name, properties):
    return client("batch").register_job_definition(**lower_names(properties))[
        "jobDefinitionArn"
    ]


def bucket(name, properties):
    """The properties of a bucket that moto's CloudFormation does not look at."""
    s3 = client("s3")
    s3.put_bucket_versioning(
        Bucket=name, VersioningConfiguration=properties["VersioningConfiguration"]
    )
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"],
    )
    s3.put_bucket_ownership_controls(
        Bucket=name, OwnershipControls=properties["OwnershipControls"]
    )
    s3.put_bucket_lifecycle_configuration(
        Bucket=name,
        LifecycleConfiguration={
            "Rules": [lifecycle(r) for r in properties["LifecycleConfiguration"]["Rules"]]
        },
    )
    if "NotificationConfiguration" in properties:
        told = notifications(properties["NotificationConfiguration"])
        s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=told)
    if "CorsConfiguration" in properties:
        rules = properties["CorsConfiguration"]["CorsRules"]
        cors = [{**r, "MaxAgeSeconds": r["MaxAge"]} for r in rules]
        for rule in cors:
            del rule["MaxAge"]
        s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": cors})


def notifications(configuration):
    """Whom a bucket tells, as the API names it."""
    told = {"QueueConfigurations": []}
    for one in configuration.get("QueueConfigurations", []):
        named = {"QueueArn": one["Queue"], "Events": [one["Event"]]}
        if "Filter" in one:
            named["Filter"] = {"Key": {"FilterRules": one["Filter"]["S3Key"]["Rules"]}}
        told["QueueConfigurations"].append(named)
    if configuration.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled"):
        told["EventBridgeConfiguration"] = {}
    return told


def queue(url, properties):
    """The attributes of a queue that moto's CloudFormation does not look at."""
    attributes = {
        name: str(properties[name]).lower()
        for name in ("SqsManagedSseEnabled", "KmsMasterKeyId")
        if name in properties
    }
    client("sqs").set_queue_attributes(QueueUrl=url, Attributes=attributes)


def lifecycle(rule):
    """A rule, as the API names its parts."""
    prefix = {"Prefix": rule.get("Prefix", "")}
    named = {"ID": rule["Id"], "Status": rule["Status"], "Filter": prefix}
    expiration = {}
    if "ExpirationInDays" in rule:
        expiration["Days"] = rule["ExpirationInDays"]
    if "ExpiredObjectDeleteMarker" in rule:
        expiration["ExpiredObjectDeleteMarker"] = rule["ExpiredObjectDeleteMarker"]
    if expiration:
        named["Expiration"] = expiration
    for part in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        if part in rule:
            named[part] = rule[part]
    return named


def trainer_repository(name, properties):
    """Whose name CloudFormation makes up: moto does, too, in letters that ECR does not take."""
    return client("ecr").create_repository(
        repositoryName=name,
        imageTagMutability=properties.get("ImageTagMutability", "MUTABLE"),
        imageScanningConfiguration=lower_names(properties.get("ImageScanningConfiguration", {})),
    )["repository"]


def custom_resource(name, properties):
    """Which a function makes."""
    client("lambda").get_function(FunctionName=properties["ServiceToken"])
    return name


NOT_THERE = "moto's CloudFormation does not have it"
NOT_RUN = "moto would run the function"
WITHOUT_ROLE = "moto's CloudFormation wants a ServiceRole, and does not look into lists"

# type -> why it is not left to moto's CloudFormation, and how it is made
BY_API = {
    "AWS::ApiGatewayV2::Api": (NOT_THERE, api),
    "AWS::ApiGatewayV2::Authorizer": (NOT_THERE, api_part("create_authorizer", "AuthorizerId")),
    "AWS::ApiGatewayV2::Integration": (NOT_THERE, api_part("create_integration", "IntegrationId")),
    "AWS::ApiGatewayV2::Route": (NOT_THERE, api_part("create_route", "RouteId")),
    "AWS::ApiGatewayV2::Stage": (NOT_THERE, api_part("create_stage", "StageName")),
    "AWS::CloudWatch::Alarm": (NOT_THERE, alarm),
    "AWS::Cognito::UserPool": (NOT_THERE, user_pool),
    "AWS::Cognito::UserPoolClient": (
        NOT_THERE,
        user_pool_part("create_user_pool_client", "ClientId", "UserPoolClient"),
    ),
    "AWS::Cognito::UserPoolDomain": (
        NOT_THERE,
        user_pool_part("create_user_pool_domain", "Domain"),
    ),
    "AWS::Cognito::UserPoolGroup": (NOT_THERE, user_pool_part("create_group", "GroupName")),
    "AWS::Cognito::UserPoolResourceServer": (
        NOT_THERE,
        user_pool_part("create_resource_server", "Identifier"),
    ),
    "AWS::Cognito::UserPoolUser": (
        NOT_THERE,
        user_pool_part("admin_create_user", "Username", "User"),
    ),
    "AWS::Cognito::UserPoolUserToGroupAttachment": (
        NOT_THERE,
        user_pool_part("admin_add_user_to_group", "Username"),
    ),
    "AWS::Logs::MetricFilter": (NOT_THERE, metric_filter),
    "AWS::S3::BucketPolicy": (NOT_THERE, bucket_policy),
    "AWS::SQS::QueuePolicy": (NOT_THERE, queue_policy),
    "AWS::SNS::Subscription": (NOT_THERE, subscription),
    "AWS::SNS::TopicPolicy": (NOT_THERE, topic_policy),
    "AWS::Scheduler::Schedule": (NOT_THERE, schedule),
    "AWS::Batch::ComputeEnvironment": (WITHOUT_ROLE, compute_environment),
    "AWS::Batch::JobQueue": (WITHOUT_ROLE, job_queue),
    "AWS::Batch::JobDefinition": (WITHOUT_ROLE, job_definition),
    "Custom::BundledModel": (NOT_RUN, custom_resource),
}
# type -> what is left to do after moto's CloudFormation
COMPLETED = {"AWS::S3::Bucket": bucket, "AWS::SQS::Queue": queue}


def stand_in(kind, logical, stack):
    """What a resource is called where others refer to it before it is there."""
    batch = f"arn:aws:batch:{REGION}:{ACCOUNT}"
    if kind == "AWS::Batch::ComputeEnvironment":
        return f"{batch}:compute-environment/{logical}"
    if kind == "AWS::Batch::JobQueue":
        return f"{batch}:job-queue/{logical}"
    if kind == "AWS::Batch::JobDefinition":
        return f"{batch}:job-definition/{stack}-training:1"
    return f"<{logical}>"


@dataclass
class Stack:
    """What was deployed: of each resource its physical id, and its properties, evaluated."""

    name: str
    parameters: dict
    template: dict
    resources: dict = field(default_factory=dict)
    properties: dict = field(default_factory=dict)
    outputs: dict = field(default_factory=dict)

    def __getitem__(self, logical):
        return self.resources[logical]

    def __contains__(self, logical):
        return logical in self.resources

    account = ACCOUNT
    region = REGION

    @property
    def trains(self):
        return self.parameters.get("TrainerTag", "") != ""

    @property
    def images(self):
        """The bucket of the images."""
        return self.parameters.get("ExistingImagesBucket") or self["Images"]

    def arn(self, logical):
        """What others know a resource by."""
        identity = self[logical]
        service, resource = {
            "AWS::Lambda::Function": ("lambda", f"function:{identity}"),
            # AWS's ends with :*
            "AWS::Logs::LogGroup": ("logs", f"log-group:{identity}"),
            "AWS::SQS::Queue": ("sqs", identity.rpartition("/")[2]),
            "AWS::S3::Bucket": ("s3", identity),
        }[self.template["Resources"][logical]["Type"]]
        where = ":" if service == "s3" else f"{REGION}:{ACCOUNT}"
        return f"arn:aws:{service}:{where}:{resource}"

    def kind(self, logical):
        return self.template["Resources"][logical]["Type"]

    def of_type(self, kind):
        return [name for name in self.resources if self.kind(name) == kind]


def replace(value, known):
    """Puts what is known in place of references: known["Api"], known["Api.ApiEndpoint"]."""
    if isinstance(value, list):
        return [replace(item, known) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"} and value["Ref"] in known:
        return known[value["Ref"]]
    if set(value) == {"Fn::GetAtt"} and ".".join(value["Fn::GetAtt"]) in known:
        return known[".".join(value["Fn::GetAtt"])]
    result = {name: replace(item, known) for name, item in value.items()}
    if "Fn::Sub" in result:
        sub = result["Fn::Sub"]
        text = sub if isinstance(sub, str) else sub[0]
        for name, what in known.items():
            text = text.replace("${" + name + "}", what)
        result["Fn::Sub"] = text if isinstance(sub, str) else [text, *sub[1:]]
    return result


def surroundings():
    """What is in the account before: the functions' image, a bucket, Batch's role."""
    ecr = client("ecr")
    ecr.create_repository(repositoryName="pigeonhole-functions")
    ecr.put_image(
        repositoryName="pigeonhole-functions",
        imageTag="1",
        imageManifest=json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": {"digest": "sha256:" + "0" * 64, "size": 1},
                "layers": [],
            }
        ),
    )
    s3 = client("s3")
    s3.create_bucket(Bucket=EXISTING_BUCKET)
    others = client("sqs").create_queue(QueueName=OTHERS_QUEUE)["QueueUrl"]
    others_arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{others.rpartition('/')[2]}"
    s3.put_bucket_notification_configuration(
        Bucket=EXISTING_BUCKET,
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": others_arn, "Events": ["s3:ObjectRemoved:*"]}]
        },
    )
    turn_on_eventbridge(EXISTING_BUCKET)
    client("iam").create_role(RoleName="batch", AssumeRolePolicyDocument="{}")


def turn_on_eventbridge(name):
    """For a bucket that exists, as infra/README.md says."""
    readme = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
    query = re.search(r"get-bucket-notification-configuration .*?--query '([^']+)'", readme, re.S)
    s3 = client("s3")
    told = s3.get_bucket_notification_configuration(Bucket=name)
    del told["ResponseMetadata"]
    s3.put_bucket_notification_configuration(
        Bucket=name, NotificationConfiguration=jmespath.search(query.group(1), told)
    )


def deploy(template, name, parameters):
    """Makes a stack of a template."""
    surroundings()
    # moto splits the lists that it is given, but not those that are there by default
    lists = {
        k: p["Default"]
        for k, p in template["Parameters"].items()
        if p["Type"] == "CommaDelimitedList"
    }
    parameters = lists | parameters
    template = decided(template, conditions(name, parameters, template))
    stack = Stack(name, parameters, template)
    resources = template["Resources"]
    by_api = {k: r["Type"] for k, r in resources.items() if r["Type"] in BY_API}
    known = {k: stand_in(kind, k, name) for k, kind in by_api.items()}
    # nothing that the API is made of is made by the stack, so it can be there before
    origins = {"CorsOrigins": parameters["CorsOrigins"].split(",")}
    stack.resources["Api"] = api(
        "Api", {**replace(resources["Api"]["Properties"], origins), "Name": name}
    )
    known["Api"] = stack["Api"]
    known["Api.ApiEndpoint"] = f"https://{stack['Api']}.execute-api.{REGION}.amazonaws.com"
    del by_api["Api"]
    repository = resources.get("TrainerRepository")
    if repository:
        made = trainer_repository(f"{name}-trainer", repository["Properties"])
        known["TrainerRepository"] = stack.resources["TrainerRepository"] = made["repositoryName"]
        known["TrainerRepository.RepositoryUri"] = made["repositoryUri"]

    before = ["Api", "TrainerRepository", *by_api]
    values = create_stack(name, parameters, without(template, before, known))
    cloudformation = client("cloudformation")
    for summary in cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]:
        stack.resources[summary["LogicalResourceId"]] = summary["PhysicalResourceId"]
    stack.properties = {
        k.removeprefix(PROPERTIES): json.loads(v)
        for k, v in values.items()
        if k.startswith(PROPERTIES)
    }
    stack.outputs = {k: v for k, v in values.items() if not k.startswith(PROPERTIES)}
    # or moto would look for Docker, to have label take what comes into its queue
    for mapping in client("lambda").list_event_source_mappings()["EventSourceMappings"]:
        client("lambda").update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    for kind, complete in COMPLETED.items():
        for logical in stack.of_type(kind):
            complete(stack[logical], stack.properties[logical])
    create(stack, by_api)
    return stack


def conditions(name, parameters, template):
    """The conditions that are true with these parameters."""
    asking = {
        "Parameters": template["Parameters"],
        "Conditions": template["Conditions"],
        "Resources": {"Nothing": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {c: {"Condition": c, "Value": c} for c in template["Conditions"]},
    }
    return set(create_stack(f"{name}-conditions", parameters, asking))


NOTHING = {"Ref": "AWS::NoValue"}


def decided(value, true):
    """The template under conditions: moto leaves holes in lists for an If without a value."""
    if isinstance(value, list):
        items = [decided(item, true) for item in value]
        return [item for item in items if item != NOTHING]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::If"}:
        condition, yes, no = value["Fn::If"]
        return decided(yes if condition in true else no, true)
    kept = {
        name: decided(item, true)
        for name, item in value.items()
        if not (isinstance(item, dict) and isinstance(item.get("Condition"), str))
        or item["Condition"] in true
    }
    return {name: item for name, item in kept.items() if item != NOTHING}


# the outputs that tell the properties of resources, evaluated
PROPERTIES = "PropertiesOf"


def without(template, left_out, known):
    """The template without some resources, of which it tells the properties instead."""
    changed = replace(copy.deepcopy(template), known)
    for logical, resource in list(changed["Resources"].items()):
        output = {"Value": {"Fn::ToJsonString": resource.get("Properties", {})}}
        changed["Outputs"][PROPERTIES + logical] = output
        if logical in left_out:
            del changed["Resources"][logical]
    return changed


def create_stack(name, parameters, template):
    """Has CloudFormation make a stack, and returns its outputs."""
    cloudformation = client("cloudformation")
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=json.dumps(template),
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
    )
    described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    if described["StackStatus"] != "CREATE_COMPLETE":
        raise RuntimeError(f"stack {name}: {described['StackStatus']}")
    return {o["OutputKey"]: o["OutputValue"] for o in described["Outputs"]}


def create(stack, by_api):
    """Makes what CloudFormation did not; whatever refers to another after that other."""
    waiting = {k: kind for k, kind in by_api.items() if k in stack.properties}
    while waiting:
        ready = [k for k in waiting if not refers(stack, k, set(waiting) - {k}, by_api)]
        if not ready:
            raise RuntimeError(f"these refer to each other: {', '.join(waiting)}")
        for logical in ready:
            kind = waiting.pop(logical)
            text = json.dumps(stack.properties[logical])
            for made, identity in stack.resources.items():
                text = text.replace(f"<{made}>", identity)
            stack.properties[logical] = json.loads(text)
            identity = BY_API[kind][1](logical, stack.properties[logical])
            expected = stand_in(kind, logical, stack.name)
            if expected.startswith("arn:") and identity != expected:
                raise RuntimeError(f"{logical} is {identity}, not {expected}")
            stack.resources[logical] = identity


def refers(stack, logical, others, by_api):
    """Whether a resource refers to one of others."""
    text = json.dumps(stack.properties[logical])
    return any(stand_in(by_api[other], other, stack.name) in text for other in others)
