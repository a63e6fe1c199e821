"""Looks at which parameters a template refuses: moto takes all."""

import re

JWT = {"ApiAuthorization": "JWT", "JwtIssuer": "https://issuer.example.com", "JwtAudience": "a,b"}

# parameters, and the rules or parameters that refuse them
ASKED = [
    ({}, []),
    (JWT, []),
    (JWT | {"JwtIssuer": ""}, ["JwtNeedsAnIssuer"]),
    (JWT | {"JwtAudience": ""}, ["JwtNeedsAnIssuer"]),
    (JWT | {"JwtAudience": "a, b"}, ["JwtAudience"]),
    (JWT | {"JwtAudience": ","}, ["JwtAudience"]),
    ({"TrainingRecipe": "transfer"}, ["TransferNeedsABase"]),
    ({"TrainingRecipe": "fine-tune", "TrainingBase": "mobilenet-v2"}, []),
    ({"TrainingBase": "mobilenet-v2"}, ["ABaseNeedsTransfer"]),
]


def check(stack, found):
    """Asks for each."""
    for asked, expected in ASKED:
        found.equal(f"refused of {asked}", refused(stack.template, asked), expected)


def refused(template, asked):
    """The rules and the parameters' patterns that do not take what is asked for."""
    parameters = template["Parameters"]
    values = {name: asked.get(name, p.get("Default", "")) for name, p in parameters.items()}
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
