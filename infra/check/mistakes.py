"""Mistakes that check_template.py has to find: each is made in a copy of the template, and the check
must say where it is.

    python infra/check/mistakes.py [TEMPLATE]
"""

import multiprocessing
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import check_template
import front

OF_ALL_S3 = "arn:aws:iam::aws:policy/AmazonS3FullAccess"


@dataclass(frozen=True)
class Mistake:
    """One of the stacks that show it, or cloudfront, and what the check must say of it.

    block: the resource, or another entry with an indent of two, in which old stands once or more,
    and new takes its place everywhere
    """

    block: str
    old: str
    new: str
    said: str
    stack: str = "defaults"


MISTAKES = [
    # parameters and buckets
    Mistake("JwtNeedsAnIssuer", "!Ref JwtIssuer", "!Ref JwtAudience", "refused of"),
    Mistake("AnIssuerNeedsRights", "!Ref JwtAudience", "!Ref JwtIssuer", "refused of"),
    Mistake("AnIssuerNeedsRights", "!Ref JwtScopes", "!Ref JwtIssuer", "refused of"),
    Mistake("Results", "RetainExceptOnCreate", "Retain", "Results, DeletionPolicy"),
    Mistake("Models", "UpdateReplacePolicy: Retain", "UpdateReplacePolicy: Delete", "Models, Upd"),
    # environments
    Mistake("Function", "_IMAGES_PREFIX:", "_PREFIX:", "Label, names of variables", "everything"),
    Mistake("Function", "_MODEL_NAME:", "_MODEL:", "Label, names of variables"),
    Mistake("Function", "_BUCKET: !Ref Results", "_BUCKET: !Ref Models", "Label, PIGEONHOLE_RES"),
    Mistake("Function", "_NAMESPACE: !Sub Pige", "_NAMESPACE: !Sub pige", "Label, PIGEONHOLE_METR"),
    Mistake("Function", "_TAGS: !Ref ImageTags", "_TAGS: label", "Label, PIGEONHOLE_TAGS"),
    Mistake(
        "Backfill", "_OUTPUTS: !If", "_OUTPUT: !If", "Backfill, names of variables", "everything"
    ),
    Mistake("Function", "_OUTPUTS:", "_OUTPUT:", "Label, names of variables"),
    Mistake("Label", "LABEL_QUEUE: !Ref Queue", "LABEL_QUEUE: !Ref DeadLetters", "Label, PIGEON"),
    Mistake(
        "Train", "_DATASET_BUCKET:", "_DATA_BUCKET:", "Train, names of variables", "everything"
    ),
    Mistake("Train", "fast,fast-small", "fast", "Train, PIGEONHOLE_TRAIN_RECIPES", "everything"),
    Mistake(
        "TrainingJob", "AWS_REGION", "AWS_REGIO", "TrainingJob, environment", "everything"
    ),
    # roles
    Mistake(
        "LabelRole", "[!Ref Labeling]", f"[!Ref Labeling, {OF_ALL_S3}]", "LabelRole, attached"
    ),
    Mistake(
        "ClassifyRole",
        "      Policies:",
        f"      ManagedPolicyArns: [{OF_ALL_S3}]\n      Policies:",
        "ClassifyRole, attached",
    ),
    Mistake("ClassifyRole", "xray:PutTelemetryRecords", "iam:PassRole", "ClassifyRole, allowed"),
    Mistake(
        "ClassifyRole", ", kms:GenerateDataKey", "", "ClassifyRole, allowed", "existing"
    ),
    Mistake("Labeling", "kms:Decrypt", "kms:Encrypt", "Labeling, allowed", "existing"),
    Mistake("Labeling", '!Sub "s3.', '!Sub "sqs.', "Labeling, allowed", "existing"),
    Mistake("TrainRole", ", kms:GenerateDataKey", "", "TrainRole, allowed", "everything"),
    Mistake("LabelRole", "kms:Decrypt", "kms:Encrypt", "LabelRole, allowed", "everything"),
    Mistake("TrainRole", "HasBoundary", "HasImagesKey", "TrainRole, boundary", "everything"),
    Mistake("Results", "aws:kms", "AES256", "Results, encryption", "everything"),
    Mistake("Queue", "!Ref KeyArn", "alias/aws/sqs", "Queue, encrypted", "everything"),
    Mistake("LabelRole", "sqs:DeleteMessage, ", "", "LabelRole, allowed"),
    Mistake("LabelRole", ", sqs:ChangeMessageVisibility", "", "LabelRole, allowed"),
    Mistake("ScheduleRole", "Train.Arn", "Label.Arn", "ScheduleRole, allowed", "everything"),
    Mistake(
        "ScheduleRole", "lambda:InvokeFunction", "lambda:InvokeAsync", "ScheduleRole", "everything"
    ),
    Mistake(
        "ScheduleRole", "scheduler.ama", "events.ama", "ScheduleRole, who takes it", "everything"
    ),
    Mistake(
        "TrainingScheduled", "ScheduleRole", "TrainRole", "it starts as", "everything"
    ),
    Mistake("BackfillJobRole", "Backfill.Arn", "Classify.Arn", "BackfillJobRole, allowed"),
    Mistake("BackfillJobRole", "/backfill/*", "/*", "BackfillJobRole, allowed"),
    Mistake(
        "BackfillJobRole", "batchoperations.s3", "batch", "BackfillJobRole, who takes it"
    ),
    Mistake(
        "TrainingRole",
        "            Condition: { StringEquals: { aws:SourceAccount: !Ref AWS::AccountId } }\n",
        "",
        "TrainingRole, who takes it",
        "everything",
    ),
    # the API
    Mistake("Api", ", If-None-Match", "", "with which headers", "everything"),
    Mistake("Api", "HEAD, POST", "HEAD", "by which methods", "everything"),
    Mistake("Api", "!Ref CorsOrigins", "['*']", "whose pages may use the API", "everything"),
    Mistake("ApiCorrectLabel", "PUT /images", "PATCH /images", "routes"),
    Mistake("ApiClassifyImage", "AWS_IAM", "NONE", "POST /classify, authorization"),
    Mistake("ApiGet", "JWT, NONE", "NONE, NONE", "GET /labels, authorization", "everything"),
    Mistake("ApiPage", "AWS_IAM, NONE", "NONE, NONE", "GET /, authorization"),
    Mistake("ApiNewUpload", "JWT, AWS_IAM", "JWT, NONE", "/uploads, authorization", "existing"),
    Mistake("ApiNewUpload", "TakesTokens, JWT", "AuthorizesByIam, JWT", "/uploads, au", "provider"),
    Mistake("ApiPromoteModel", "JWT, AWS_IAM", "NONE, AWS_IAM", "/promote, authoriz", "everything"),
    Mistake("ApiStartTraining", "JWT, AWS_IAM", "JWT, NONE", "POST /trainings, auth", "existing"),
    Mistake(
        "ApiReport", "GET /models/{version}/report", "GET /reports", "/report, auth", "existing"
    ),
    Mistake("ApiPromoteModel", "pigeonhole/admin", "pigeonhole/write", "e, scopes", "everything"),
    Mistake("ApiPromoteModel", "Select [2,", "Select [1,", "/promote, scopes", "provider"),
    Mistake("ApiNewUpload", "WritesByScope", "AuthorizesByIam", "/uploads, scopes", "everything"),
    Mistake("ApiCorrectLabel", "WritesByScope", "AuthorizesByIam", "label, scopes", "provider"),
    Mistake("ApiGet", "ReadsByScope", "AuthorizesByIam", "GET /labels, scopes", "everything"),
    Mistake("ApiPromoteModel", "ApiPromote}", "ApiClassify}", "/promote goes to"),
    Mistake("ApiStartTraining", "ApiTrain}", "ApiClassify}", "trainings goes to", "everything"),
    Mistake("ApiStage", "Limit: 20, ", "Limit: 2000, ", "POST /uploads, Throttling"),
    Mistake("ApiStage", "PUT /images/{key+}: {", "PUT /{path+}: {", "routes with limits"),
    Mistake("ApiStage", "ApiNewUpload, ", "", "ApiStage, after its routes"),
    # who may do what
    Mistake("Classify", "IsOpen, read, none", "IsOpen, write, none", "E_API_ANONYMOUS", "existing"),
    Mistake("Promote", "IsOpen, read, none", "IsOpen, admin, none", "E_API_ANONYMOUS", "provider"),
    Mistake("Train", "IsOpen, read, none", "IsOpen, none, read", "E_API_ANONYMOUS", "everything"),
    Mistake("Promote", ",write,admin", ",write,write", "Promote, PIGEONHOLE_API_G", "everything"),
    Mistake("Classify", "!Ref JwtScopes", "!Ref JwtGroups", "ify, PIGEONHOLE_API_S", "provider"),
    Mistake("Classify", "_GROUPS_CLAIM", "_GROUP_CLAIM", "Classify, names of variables"),
    Mistake("Classify", "!Ref PageClient", "!Ref UserPool", "PIGEONHOLE_SIGN_IN_CL", "everything"),
    Mistake("ApiAuthorizer", "[!Ref PageClient]", "[pigeonhole]", "for whom tokens", "everything"),
    Mistake("ApiAuthorizer", "!Ref JwtIssuer", "!Ref JwtAudience", "whom it trusts", "provider"),
    Mistake("UserPool", "UserOnly: true", "UserOnly: false", "no sign-up", "everything"),
    Mistake("PageClient", "Secret: false", "Secret: true", "PageClient, secret", "everything"),
    Mistake("PageClient", "[code]", "[implicit]", "PageClient, flows", "everything"),
    Mistake("PageClient", "${Own}/,", "${Own}/x,", "returns to", "everything"),
    Mistake("PageClient", '"/,", !Ref', '",", !Ref', "leaves to", "everything"),
    # CloudFront and WAF
    Mistake("InUsEast1", "us-east-1]", "us-east-2]", "refused of", "cloudfront"),
    Mistake("DomainAndCertificate", "!Or", "!And", "refused of", "cloudfront"),
    Mistake("Acl", "CLOUDFRONT", "REGIONAL", "Acl, for what", "cloudfront"),
    Mistake("Acl", "DefaultAction: { Allow", "DefaultAction: { Block", "Acl, of", "cloudfront"),
    Mistake("Acl", "!Ref RequestsByAddress", "100", "address, at most", "cloudfront"),
    Mistake("Acl", "Action: { Block:", "Action: { Count:", "address, refused", "cloudfront"),
    Mistake("Acl", "{ None: {} }", "{ Count: {} }", "common, refused", "cloudfront"),
    Mistake("Acl", "GenericLFI_BODY", "GenericLFI_URIPATH", "of bodies", "cloudfront"),
    Mistake("Distribution", "        WebACLId: !GetAtt Acl.Arn\n", "", "WebACLId", "cloudfront"),
    Mistake("Distribution", "https-only", "match-viewer", "origin, by", "cloudfront"),
    Mistake("Distribution", "redirect-to-https", "allow-all", "ViewerProto", "cloudfront"),
    Mistake("Distribution", "PUT, PATCH, POST, DELETE", "", "methods", "cloudfront"),
    Mistake("Distribution", "4135ea2d-", "658327ea-", "CachePolicyId", "cloudfront"),
    Mistake("Distribution", "b689b0a8-", "216adef6-", "OriginRequestPol", "cloudfront"),
    Mistake("Distribution", "404, ErrorCachingMinTTL: 0", "404, ErrorCachingMinTTL: 9", "not kept", "cloudfront"),
    Mistake("Distribution", "TLSv1.2_2021", "TLSv1", "with Domain", "cloudfront"),
    Mistake("Distribution", "!Ref Domain]", "!Ref ApiUrl]", "Aliases", "cloudfront"),
    Mistake("PageUrl", "!Ref Domain", "!Ref ApiUrl", "PageUrl", "cloudfront"),
    Mistake("PageClient", "[openid, ", "[openid, email, ", "PageClient, scopes", "everything"),
    Mistake(
        "FirstUserAdministers", "Administrators", "Writers", "FirstUser, groups", "everything"
    ),
    Mistake("UserPoolDomain", "pigeonhole-${Id}", "photos", "UserPoolDomain, nobody", "everything"),
    Mistake(
        "ClassifyRole",
        "Action: s3:GetObject\n                Resource: !Sub ${Models.Arn}",
        "Action: [s3:GetObject, s3:PutObject]\n                Resource: !Sub ${Models.Arn}",
        "which put models into service",
    ),
    Mistake("PromoteRole", "s3:PutObject", "s3:PutObjectTagging", "which put models into serv"),
    Mistake("PromoteRole", ", kms:GenerateDataKey", "", "PromoteRole, allowed", "everything"),
    # the image of the functions, and what is in it
    Mistake("Label", "functions.Dockerfile", "function.Dockerfile", "there is /"),
    Mistake("Label", "DockerContext: ..", "DockerContext: .", "there is /"),
    Mistake("Label", "!Ref FunctionsBuild", "jvm", "Classify, built as label"),
    Mistake("FunctionsBuild", "native]", "naive]", "a stage naive"),
    Mistake("FunctionsBuild", "Default: jvm", "Default: native", "which build, by default"),
    Mistake("Provide", "DockerTag: functions", "DockerTag: provide", "Provide, built as label"),
    Mistake("Backfill", "[!Ref Architecture]", "[arm64]", "Backfill, processor"),
    Mistake("BundledModel", "Provide.Arn", "Label.Arn", "BundledModel, made by"),
    Mistake("BundledModel", "      ServiceTimeout: 180\n", "", "BundledModel, waits"),
    Mistake("ProvideRole", "xray:PutTelemetryRecords", "iam:PassRole", "ProvideRole, allowed"),
    Mistake("ProvideRole", ", kms:GenerateDataKey", "", "ProvideRole, allowed", "everything"),
    # from an image to its label
    Mistake("Images", "s3:ObjectCreated:*", "s3:ObjectRemoved:*", "events of an upload"),
    Mistake("Images", "!GetAtt Queue.Arn", "!GetAtt DeadLetters.Arn", "events of an upload"),
    Mistake("Images", "    DependsOn: QueuePolicy\n", "", "Images, after what lets it tell"),
    Mistake(
        "Images",
        "        QueueConfigurations:",
        "        EventBridgeConfiguration: { EventBridgeEnabled: false }\n"
        "        LambdaConfigurations:",
        "events of an upload",
    ),
    Mistake("Images", "!Ref ImagesPrefix", "elsewhere/", "events of an upload", "everything"),
    Mistake("QueuePolicy", "s3.amazonaws.com", "events.amazonaws.com", "Queue, who may send"),
    Mistake(
        "QueuePolicy",
        "                StringEquals: { aws:SourceAccount: !Ref AWS::AccountId }\n",
        "",
        "Queue, who may send",
    ),
    Mistake("QueuePolicy", "!GetAtt ImageCreated.Arn", "'*'", "Queue, who may send", "existing"),
    Mistake("Queue", "VisibilityTimeout: 420", "VisibilityTimeout: 360", "Queue, visible again"),
    Mistake("ImageCreated", "Object Created", "Object Deleted", "events of an upload", "existing"),
    # trainings
    Mistake("TrainingJob", "${TrainerTag}", "latest", "TrainingJob, image", "everything"),
    Mistake("TrainerRepository", "IMMUTABLE", "MUTABLE", "TrainerRepository, t", "everything"),
    Mistake("TrainerRepository", "Push: true", "Push: false", "TrainerRepository, s", "everything"),
    Mistake("TrainerRepository", "Delete: true", "Delete: false", "emptied", "everything"),
    Mistake("PushTrainer", "push ${Rep", "push $(Rep", "PushTrainer, image", "everything"),
    Mistake("PushTrainer", ".dkr.ecr.", ".ecr.", "PushTrainer, signs in", "everything"),
    Mistake("TrainingJob", "Host EC2*", "EC2*", "TrainingJob, tried again", "everything"),
    Mistake("TrainingJob", "RETRY", "EXIT", "TrainingJob, tried again", "everything"),
    Mistake(
        "InstanceTemplate", "HopLimit: 1", "HopLimit: 2", "InstanceTemplate, cont", "everything"
    ),
    Mistake(
        "InstanceTemplate", "required", "optional", "InstanceTemplate, cont", "everything"
    ),
    # alarms, and what they watch
    Mistake("AlarmLabelErrors", "!Ref Label", "!Ref Backfill", "AlarmLabelErrors watches"),
    Mistake(
        "AlarmDeadLetters", "DeadLetters.QueueName", "Queue.QueueName", "AlarmDeadLetters watches"
    ),
    Mistake("AlarmApiErrors", "MetricName: 5xx", "MetricName: 5XXError", "AlarmApiErrors"),
    Mistake("AlarmApiErrors", "Name: ApiId", "Name: ApiName", "AlarmApiErrors"),
    Mistake("AlarmApiErrors", "[!Ref Alarms]", "[]", "AlarmApiErrors tells"),
    Mistake("AlarmOldestMessage", "[!Ref Alarms]", "[!GetAtt Queue.Arn]", "AlarmOldestMessage te"),
    Mistake("AlarmOldestMessage", "Maximum", "Sum", "AlarmOldestMessage watches"),
    Mistake("AlarmUnreadable", "Value: label", "Value: classify", "AlarmUnreadable"),
    Mistake("AlarmUnreadable", "!Sub Pigeonhole/${AWS::StackName}", "Pigeonhole", "AlarmUnread"),
    Mistake(
        "AlarmUnreadable",
        "      Dimensions: [{ Name: Service, Value: label }]\n",
        "",
        "AlarmUnreadable",
    ),
    Mistake("AlarmModelRefused", "MetricName: ModelRefused", "MetricName: Refused", "AlarmModelR"),
    Mistake("AlarmModelRefused", "[label, classify,", "[label,", "AlarmModelRefused adds up"),
    Mistake("AlarmUnknown", "!Ref UnknownAlarm", "50", "AlarmUnknown rings", "everything"),
    Mistake("AlarmUnknown", "MetricName: Unknown", "MetricName: Review", "AlarmUnknown watches"),
    Mistake("AlarmUnknown", '!Sub "Pigeonhole/${AWS::StackName}"', "Pigeonhole", "AlarmUnknown wa"),
    Mistake("AlarmUnknown", "/ labeled", "/ unknown", "AlarmUnknown adds up"),
    Mistake(
        "AlarmUnreadable",
        "  AlarmUnreadable:",
        "  Filter:\n    Type: AWS::Logs::MetricFilter\n    Properties:\n"
        "      LogGroupName: !Ref LabelLog\n      FilterPattern: is unreadible\n"
        "      MetricTransformations: [{ MetricNamespace: a, MetricName: b, MetricValue: '1' }]\n\n"
        "  AlarmUnreadable:",
        "filters of logs",
    ),
    Mistake("AlarmsPolicy", "cloudwatch.amazonaws", "events.amazonaws", "Alarms, who may publish"),
    Mistake(
        "TrainingFailed", "Arn: !Ref Alarms", "Arn: !GetAtt Queue.Arn", "TrainingFailed tells",
        "everything",
    ),
    Mistake("TrainingFailed", "[FAILED]", "[FAILURE]", "queue/TrainingQueue failed", "everything"),
    Mistake(
        "TrainingFailed",
        "            - container: { exitCode: [exists: false] }\n",
        "",
        "queue/TrainingQueue did not start",
        "everything",
    ),
    Mistake(
        "TrainingNotPromoted", "[3]", "[2]", "queue/TrainingQueue was not good", "everything"
    ),
    Mistake(
        "TrainingNotPromoted",
        "          jobQueue: [!Ref TrainingQueue]\n",
        "",
        "a training of another was not good",
        "everything",
    ),
    Mistake("TrainingFailed", "<why>", "<reasons>", "TrainingFailed, what it tells", "everything"),
    # the dashboard
    Mistake("Dashboard", "StackName}-images", "StackName}-queue", "widget 'Waiting'"),
    Mistake("Dashboard", '"Labeled"', '"Labelled"', "widget 'Images'"),
    Mistake("Dashboard", "StackName}-classify", "StackName}-api", "widget 'Time of an invocation"),
    Mistake("Dashboard", '"Pigeonhole/${AWS::StackName}"', '"Pigeonhole"', "widget 'Images'"),
    Mistake("Dashboard", '"4xx", "ApiId"', '"4xx", "Api"', "widget 'API: requests'"),
    Mistake("Dashboard", "Name: !Ref AWS::StackName", "Name: pigeonhole", "dashboards"),
    # outputs
    Mistake("ApiUrl", "Api.ApiEndpoint", "Models.DomainName", "ApiUrl, the API's"),
    Mistake("Try", "/classify", "/labels", "Try, asks it"),
    Mistake("Try", ":execute-api", ":lambda", "Try, as whom"),
    Mistake("Try", "Bearer", "Basic", "Try, as whom", "everything"),
    Mistake("Try", "  Try:", "  Ask:", "last outputs"),
]


def made(template, mistake):
    """The template with a mistake in it."""
    block = re.search(rf"^  {mistake.block}:\n(?:(?:    .*)?\n)*", template, re.MULTILINE)
    if not block or mistake.old not in block.group():
        raise LookupError(f"the template has no {mistake.block} with '{mistake.old}'")
    wrong = block.group().replace(mistake.old, mistake.new)
    return template[: block.start()] + wrong + template[block.end() :]


def problems_of(template, stack):
    """What the check has to say of it."""
    if stack == "cloudfront":
        return front.check(template).problems
    return check_template.look_at(check_template.translate(template), stack).problems


def problem(work):
    """What the check does not do about a mistake."""
    template, mistake = work
    what = f"{mistake.block}, '{mistake.old}' as '{mistake.new}'"
    try:
        wrong = made(template, mistake)
    except LookupError as stale:
        return f"{what}: {stale}"
    problems = problems_of(wrong, mistake.stack)
    if any(mistake.said in one for one in problems):
        return None
    return f"{what}: nothing is said of '{mistake.said}', but {problems}"


def main(path):
    template = path.read_text(encoding="utf-8")
    cloudfront = front.TEMPLATE.read_text(encoding="utf-8")
    work = [(cloudfront if m.stack == "cloudfront" else template, m) for m in MISTAKES]
    with multiprocessing.Pool(initializer=check_template.quieten) as pool:
        problems = pool.map(problem, work, chunksize=1)
    wrong = [p for p in problems if p]
    print(f"{len(MISTAKES)} mistakes made, {len(MISTAKES) - len(wrong)} found")
    for p in wrong:
        print(p, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else check_template.TEMPLATE))
