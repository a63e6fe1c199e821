"""Looks at what `sam build` makes the functions' image of, as it reads a template.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build.html
"""

import re
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"
# what SAM CLI adds
OF_SAM = {"SamResourceId", "SamNormalized"}


def built(template, image):
    """The template as `sam build` and `sam deploy` leave it: each function has an image."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"].setdefault("ImageUri", image)
    return template


def check(stack, found):
    """All functions are of one image, which can be built, and is built once."""
    resources = stack.template["Resources"]
    functions = {
        name: {k: v for k, v in resources[name].get("Metadata", {}).items() if k not in OF_SAM}
        for name in stack.of_type("AWS::Lambda::Function")
    }
    by = functions["Label"]
    for name, metadata in functions.items():
        # SAM CLI builds another image for any difference
        found.equal(f"{name}, built as label", metadata, by)
        properties = stack.properties[name]
        architecture = stack.parameters.get("Architecture", "x86_64")
        found.equal(f"{name}, processor", properties["Architectures"], [architecture])
    context = (TEMPLATE.parent / by.get("DockerContext", "/")).resolve()
    dockerfile = context / by.get("Dockerfile", "none")
    if not found.holds(f"there is {dockerfile}", dockerfile.is_file()):
        return
    lines = dockerfile.read_text(encoding="utf-8")
    # SAM CLI puts in parameters that it is told, or by default
    found.equal("which build", by.get("DockerBuildTarget"), {"Ref": "FunctionsBuild"})
    build = stack.template["Parameters"]["FunctionsBuild"]
    found.equal("which build, by default", build["Default"], "jvm")
    stages = dict(re.findall(r"^FROM \S+ AS (\w+)$((?:\n(?!FROM ).*)*)", lines, re.MULTILINE))
    for target in build["AllowedValues"]:
        stage = stages.get(target, "")
        found.holds(f"a stage {target}", stage)
        found.holds(f"{target} has the bundled model", "PIGEONHOLE_MODELS_BUNDLED=/" in stage)
        found.holds(f"{target} can be run", "ENTRYPOINT [" in stage)
    # without BuildKit, all that stands before a stage is built for it
    before, _, _ = lines.partition(" AS jvm\n")
    found.holds("jvm is built without the compiler", "${MANDREL}" not in before)
    # SAM CLI does without BuildKit, whose are all the others
    options = re.findall(r"^(?:ADD|COPY|RUN) --(\w+)", lines, re.MULTILINE)
    found.equal(f"{dockerfile.name}, options", set(options), {"from"})
