"""Looks at which parameters a template refuses: moto takes all."""

import re

POOL = {"ApiAuthorization": "JWT", "FirstUserEmail": "somebody@example.com"}
ISSUER = {
    "ApiAuthorization": "JWT",
    "JwtIssuer": "https://issuer.example.com",
    "JwtAudience": "a,b",
    "JwtScopes": "r,w,a",
}

# parameters, and the rules or parameters that refuse them
ASKED = [
    ({}, []),
    ({"ApiAuthorization": "OPEN"}, []),
    (POOL, []),
    (POOL | {"ApiAuthorization": "OPEN"}, []),
    (POOL | {"ApiAuthorization": "IAM"}, ["AUserPoolNeedsSignIn"]),
    (POOL | {"FirstUserEmail": ""}, ["JwtNeedsAnIssuer"]),
    (POOL | {"FirstUserEmail": "somebody"}, ["FirstUserEmail"]),
    (ISSUER, []),
    (ISSUER | {"ApiAuthorization": "OPEN"}, []),
    (ISSUER | {"ApiAuthorization": "IAM"}, ["AnIssuerNeedsRights"]),
    (ISSUER | {"JwtIssuer": ""}, ["JwtNeedsAnIssuer"]),
    (ISSUER | {"JwtAudience": ""}, ["AnIssuerNeedsRights"]),
    (ISSUER | {"JwtAudience": "a, b"}, ["JwtAudience"]),
    (ISSUER | {"JwtAudience": ","}, ["JwtAudience"]),
    (ISSUER | {"JwtScopes": ""}, ["AnIssuerNeedsRights"]),
    (ISSUER | {"JwtScopes": "", "JwtGroups": ",w,a"}, []),
    (ISSUER | {"JwtScopes": "r,w"}, ["JwtScopes"]),
    (ISSUER | {"JwtScopes": ",w,a"}, ["JwtScopes"]),
    (ISSUER | {"JwtGroups": "r,,a"}, ["JwtGroups"]),
    (ISSUER | {"FirstUserEmail": "somebody@example.com"}, ["AnIssuerNeedsRights"]),
    (ISSUER | {"SignInClient": "page", "SignInScopes": "profile"}, ["SignInScopes"]),
    (ISSUER | {"SignInTokenOrigin": "https://a.example.com/token"}, ["SignInTokenOrigin"]),
    ({"ImageTags": "label,model"}, []),
    ({"ImageTags": "label,"}, ["ImageTags"]),
    ({"TrainingRecipe": "transfer"}, ["TransferNeedsABase"]),
    ({"TrainingRecipe": "fine-tune", "TrainingBase": "mobilenet-v2"}, []),
    ({"TrainingBase": "mobilenet-v2"}, ["ABaseNeedsTransfer"]),
]


def check(stack, found):
    """Asks for each."""
    for asked, expected in ASKED:
        found.equal(f"refused of {asked}", refused(stack.template, asked), expected)


def refused(template, asked, region="us-east-1"):
    """The rules and the parameters' patterns that do not take what is asked for."""
    parameters = template["Parameters"]
    values = {name: asked.get(name, p.get("Default", "")) for name, p in parameters.items()}
    values["AWS::Region"] = region
    by_pattern = [
        name
        for name in asked
        if not re.fullmatch(parameters[name].get("AllowedPattern", ".*"), values[name])
    ]
    by_rule = [
        name
        for name, rule in template["Rules"].items()
        if true(rule.get("RuleCondition", {"Fn::And": []}), values)
        and not all(true(a["Assert"], values) for a in rule["Assertions"])
    ]
    return by_rule + by_pattern


def true(condition, values):
    """Evaluates the functions that rules are made of here."""
    [(function, arguments)] = condition.items()
    if function == "Fn::Equals":
        one, other = (values[a["Ref"]] if isinstance(a, dict) else a for a in arguments)
        return one == other
    if function == "Fn::Not":
        return not true(arguments[0], values)
    every = {"Fn::And": all, "Fn::Or": any}[function]
    return every(true(argument, values) for argument in arguments)
