"""Checks infra/template.yaml, and cloudfront.yaml, as far as that can be done without an account.

    python infra/check/check_template.py [TEMPLATE]

lints it, translates it from SAM to CloudFormation, as sam build would have left it, lints the
translation (some rules do not look at SAM), deploys that to moto, a cloud in memory, and looks at
what is there then. Exits with 1 if anything is wrong, and says what. infra/README.md says how to get
what it needs.
"""

import json
import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path

# moto answers; nothing may reach a real account
os.environ.update(
    AWS_ACCESS_KEY_ID="none",
    AWS_SECRET_ACCESS_KEY="none",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    MOTO_LAMBDA_STUB_ECR="false",
)
os.environ.pop("AWS_PROFILE", None)

try:
    from cfnlint.api import ManualArgs, lint_file
    from moto import mock_aws
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    import deployment
    import front
    import images
    import outcomes
except ImportError as missing:
    sys.exit(
        f"{missing} in {sys.executable}: pip install -r infra/check/requirements.txt, and say"
        " which Python that was with -Dpython=…"
    )

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"
REGIONS = ["us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1"]

# parameters that together make every condition true, and false
STACKS = {
    "everything": {
        "TrainerTag": "1",
        "ApiAuthorization": "JWT",
        "FirstUserEmail": "first@example.com",
        "CorsOrigins": "https://photos.example.com,https://archive.example.com",
        "ClassifyConcurrency": "20",
        "BackfillConcurrency": "20",
        "ImagesPrefix": "photos/",
        "ImageOutputs": "result,tags",
        "ImageTags": "label",
        "BackfillOutputs": "lines",
        "AlarmEmail": "somebody@example.com",
        "UnknownAlarm": "30",
        "TrainingScheduleState": "ENABLED",
        "TrainingRecipe": "transfer",
        "TrainingBase": "mobilenet-v2",
        "TrainingFolder": "photos/",
        "KeyArn": deployment.KEY,
        "PermissionsBoundaryArn": deployment.BOUNDARY,
    },
    "defaults": {},
    "existing": {
        "TrainerTag": "1",
        "ApiAuthorization": "OPEN",
        "ExistingImagesBucket": deployment.EXISTING_BUCKET,
        "ImagesKeyArn": deployment.IMAGES_KEY,
    },
    "provider": {
        "ApiAuthorization": "OPEN",
        "JwtIssuer": "https://issuer.example.com",
        "JwtAudience": "pigeonhole",
        "JwtScopes": "photos/read,photos/write,photos/admin",
        "JwtGroups": ",editors,admins",
        "JwtGroupsClaim": "roles",
        "SignInClient": "page",
        "SignInScopes": "openid photos/admin",
        "SignInTokenOrigin": "https://tokens.example.com",
    },
}


def lint(path, what, regions=REGIONS):
    """What cfn-lint has to say, hints included."""
    matches = lint_file(
        path, ManualArgs(include_checks=["I"], include_experimental=True, regions=regions)
    )
    return [f"{what}:{m.linenumber}: {m.rule.id} {m.message}" for m in matches]


def translate(template):
    """A template in CloudFormation's own words, which is what AWS makes of it, too."""

    class NoManagedPolicies:
        def load(self):
            return {}

    built = images.built(yaml_parse(template), deployment.FUNCTIONS_IMAGE)
    return transform(built, {}, NoManagedPolicies())


def quieten():
    """Lets moto only say what it cannot do."""
    logging.disable(logging.WARNING)
    # for a resource that it does not know: see deployment.BY_API
    warnings.filterwarnings("error", message="Tried to parse .*")


def look_at(translated, name):
    """Deploys one of the stacks, and looks at it."""
    with mock_aws():
        try:
            stack = deployment.deploy(translated, name, STACKS[name])
        except Exception as problem:  # whatever a service does not take is a problem of the template
            return outcomes.Outcomes(problems=[f"deployment: {type(problem).__name__}: {problem}"])
        return outcomes.check(stack)


def main(path):
    problems = lint(path, path.name)
    translated = translate(path.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "translated.json")
        copy.write_text(json.dumps(translated, indent=1), encoding="utf-8")
        problems += lint(copy, "translated")
    print(f"{path.name}: {len(translated['Resources'])} resources, linted")

    for name in STACKS:
        found = look_at(translated, name)
        print(f"stack {name}: {found.checked} outcomes checked, {len(found.problems)} wrong")
        problems += [f"stack {name}: {problem}" for problem in found.problems]

    problems += lint(front.TEMPLATE, front.TEMPLATE.name, ["us-east-1"])
    found = front.check(front.TEMPLATE.read_text(encoding="utf-8"))
    print(f"{front.TEMPLATE.name}: {found.checked} outcomes checked, {len(found.problems)} wrong")
    problems += [f"{front.TEMPLATE.name}: {problem}" for problem in found.problems]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    quieten()
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATE))
