"""Looks at who may do what, where PolicyIT cannot see it: in S3's log are only the requests to S3 that
the integration tests make. Here are the others, those of AWS's own services, and who takes the roles.
"""

from fnmatch import fnmatchcase

TAKEN_BY = {
    "LabelRole": "lambda.amazonaws.com",
    "ClassifyRole": "lambda.amazonaws.com",
    "BackfillRole": "lambda.amazonaws.com",
    "PromoteRole": "lambda.amazonaws.com",
    "ProvideRole": "lambda.amazonaws.com",
    "TrainRole": "lambda.amazonaws.com",
    "BackfillJobRole": "batchoperations.s3.amazonaws.com",
    "ScheduleRole": "scheduler.amazonaws.com",
    "TrainingRole": "ecs-tasks.amazonaws.com",
    "InstanceRole": "ec2.amazonaws.com",
}
# those that a service takes for whoever asks it, of any account, unless it is told whose
FOR_THIS_ACCOUNT = {"BackfillJobRole", "ScheduleRole", "TrainingRole"}
# roles -> the only policies that they share or have of AWS
ATTACHED = {
    "LabelRole": ["Labeling"],
    "BackfillRole": ["Labeling"],
    "InstanceRole": ["arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"],
}


def check(stack, found):
    """Who takes the roles, which policies they have, and what these allow."""
    roles = stack.of_type("AWS::IAM::Role")
    expected = set(TAKEN_BY)
    if not stack.trains:
        expected -= {"TrainRole", "ScheduleRole", "TrainingRole", "InstanceRole"}
    found.equal("roles", set(roles), expected)
    for role in expected & set(roles):
        properties = stack.properties[role]
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": TAKEN_BY[role]},
            "Action": "sts:AssumeRole",
        }
        if role in FOR_THIS_ACCOUNT:
            trust["Condition"] = {"StringEquals": {"aws:SourceAccount": stack.account}}
        found.equal(
            f"{role}, who takes it", properties["AssumeRolePolicyDocument"]["Statement"], [trust]
        )
        boundary = stack.parameters.get("PermissionsBoundaryArn")
        found.equal(f"{role}, boundary", properties.get("PermissionsBoundary"), boundary)
        attached = [stack.resources.get(p, p) for p in ATTACHED.get(role, [])]
        found.equal(f"{role}, attached", properties.get("ManagedPolicyArns", []), attached)
        allowed = permissions(properties.get("Policies", []))
        found.equal(
            f"{role}, allowed beside S3",
            {p for p in allowed if role in FOR_AWS or not p[0].startswith("s3:")},
            told(role, stack),
        )
    found.equal(
        "roles, which put models into service",
        {role for role in expected & set(roles) if promotes(role, stack)},
        {"PromoteRole", "ProvideRole"} | ({"TrainingRole"} if stack.trains else set()),
    )
    labeling = permissions([stack.properties["Labeling"]])
    found.equal(
        "Labeling, allowed beside S3",
        {p for p in labeling if not p[0].startswith("s3:")},
        TRACING | images_key(stack, "kms:Decrypt") | key(stack),
    )


FOR_AWS = {"BackfillJobRole", "ScheduleRole"}
TRACING = {("xray:PutTraceSegments", "*"), ("xray:PutTelemetryRecords", "*")}


def promotes(role, stack):
    """Whether a role may write the pointer to the version that serves."""
    pointer = f"{stack.arn('Models')}/models/cifar10/current.json"
    attached = [p for p in ATTACHED.get(role, []) if p in stack.properties]
    policies = stack.properties[role].get("Policies", []) + [stack.properties[p] for p in attached]
    return any(
        fnmatchcase("s3:PutObject", action) and fnmatchcase(pointer, resource)
        for action, resource, *_ in permissions(policies)
    )


def told(role, stack):
    """What a role is to be allowed: beside S3, or, in AWS's name, all of it."""
    if role == "LabelRole":
        queue = stack.arn("Queue")
        reads = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
        reads.add("sqs:ChangeMessageVisibility")
        decrypts = key(stack, "kms:Decrypt", via="sqs")
        return {(action, queue) for action in reads} | log("LabelLog", stack) | decrypts
    if role == "ClassifyRole":
        # a browser's upload is encrypted in its name
        may = images_key(stack, "kms:Decrypt", "kms:GenerateDataKey")
        return log("ClassifyLog", stack) | TRACING | may | key(stack)
    if role == "PromoteRole":
        return log("PromoteLog", stack) | TRACING | key(stack)
    if role == "BackfillRole":
        return log("BackfillLog", stack)
    if role == "ProvideRole":
        return log("ProvideLog", stack) | TRACING | key(stack)
    if role == "TrainRole":
        start = {("batch:SubmitJob", stack["TrainingQueue"])}
        definition = stack["TrainingJob"].rpartition(":")[0]
        start |= {("batch:SubmitJob", definition), ("batch:SubmitJob", f"{definition}:*")}
        follow = {("batch:DescribeJobs", "*"), ("batch:ListJobs", "*")}
        return start | follow | log("TrainLog", stack) | TRACING | key(stack)
    if role == "TrainingRole":
        return images_key(stack, "kms:Decrypt") | key(stack)
    if role == "ScheduleRole":
        return {("lambda:InvokeFunction", stack.arn("Train"))}
    if role == "BackfillJobRole":
        function, results = stack.arn("Backfill"), f"{stack.arn('Results')}/backfill/*"
        return key(stack) | {
            ("lambda:InvokeFunction", function),
            ("lambda:InvokeFunction", f"{function}:*"),
            ("s3:PutInventoryConfiguration", f"arn:aws:s3:::{stack.images}"),
            ("s3:GetObject", results),
            ("s3:GetObjectVersion", results),
            ("s3:PutObject", results),
        }
    return set()


def log(group, stack):
    arn = stack.arn(group)
    return {("logs:CreateLogStream", arn), ("logs:PutLogEvents", arn)}


def images_key(stack, *actions):
    """With a key of the images of others."""
    return by_service(stack.parameters.get("ImagesKeyArn"), actions, f"s3.{stack.region}")


def key(stack, *actions, via="s3"):
    """With a key of the stack's buckets and queues; to read and write, unless it is said."""
    actions = actions or ("kms:Decrypt", "kms:GenerateDataKey")
    return by_service(stack.parameters.get("KeyArn"), actions, f"{via}.{stack.region}")


def by_service(arn, actions, service):
    """Not by themselves: only what a service does in their name."""
    if not arn:
        return set()
    via = {"StringEquals": {"kms:ViaService": f"{service}.amazonaws.com"}}
    return {(action, arn, str(via)) for action in actions}


def permissions(policies):
    """An action, a resource and, if there is one, a condition."""
    return {
        (action, resource, *([str(statement["Condition"])] if "Condition" in statement else []))
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def listed(value):
    return value if isinstance(value, list) else [value]
