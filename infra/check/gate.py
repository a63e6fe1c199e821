"""Looks at who may ask the API for what: its routes, and who signs people in.

Which level an operation needs is in the functions' source; here it is compared with the route that
API Gateway takes for it, and with what the functions are told, which look again.
"""

import json
import re

import source
from deployment import client, stand_in

LEVELS = ["READ", "WRITE", "ADMIN"]
POOL_SCOPES = ["pigeonhole/read", "pigeonhole/write", "pigeonhole/admin"]
COGNITO = "AWS::Cognito::"


def check(stack, found):
    """All of it."""
    routes(stack, found)
    authorizer(stack, found)
    people(stack, found)


def has_pool(stack):
    return stack.parameters.get("FirstUserEmail", "") != ""


def has_issuer(stack):
    return has_pool(stack) or stack.parameters.get("JwtIssuer", "") != ""


def authorization(level, stack):
    """By what the gateway knows callers who need a level."""
    how = stack.parameters.get("ApiAuthorization", "IAM")
    if how == "IAM":
        return "AWS_IAM"
    if level == "NONE" or (level == "READ" and how == "OPEN"):
        return "NONE"
    # who writes or administers is never nobody
    return "JWT" if has_issuer(stack) else "AWS_IAM"


def scopes(level, stack):
    """Of which a token for a level needs one."""
    given = stack.parameters.get("JwtScopes", "")
    all_of_them = POOL_SCOPES if has_pool(stack) else given.split(",") if given else []
    return all_of_them[LEVELS.index(level) :]


def function(operation, stack):
    """Which answers."""
    if operation.path == "/trainings" and stack.trains:
        return "Train"
    return "Promote" if operation.path.endswith("/promote") else "Classify"


def routes(stack, found):
    gateway = client("apigatewayv2")
    there = {r["RouteKey"]: r for r in gateway.get_routes(ApiId=stack["Api"])["Items"]}
    integrations = {
        i["IntegrationId"]: i["IntegrationUri"]
        for i in gateway.get_integrations(ApiId=stack["Api"])["Items"]
    }
    taken = {}
    for operation in source.operations():
        what = f"{operation.method} {operation.path}"
        key = taken_for(operation, there)
        found.holds(f"routes, one for {what}", key)
        if not key:
            continue
        route = there[key]
        taken[key] = operation.level
        target = integrations[route["Target"].removeprefix("integrations/")]
        expected = stack[function(operation, stack)]
        found.equal(f"{what} goes to", target.rpartition(":")[2], expected)
        asked = authorization(operation.level, stack)
        found.equal(f"{what}, authorization", route["AuthorizationType"], asked)
        found.equal(f"{what}, authorizer", "AuthorizerId" in route, asked == "JWT")
        found.equal(
            f"{what}, scopes",
            route.get("AuthorizationScopes") or [],
            scopes(operation.level, stack) if asked == "JWT" else [],
        )
    found.equal("routes", set(there), set(taken))
    limits(stack, found, {key for key, level in taken.items() if level in ("WRITE", "ADMIN")})
    for name in {function(operation, stack) for operation in source.operations()}:
        policy = json.loads(client("lambda").get_policy(FunctionName=stack[name])["Policy"])
        found.equal(
            f"{name}, who may call it",
            [(s["Principal"], s["Action"]) for s in policy["Statement"]],
            [({"Service": "apigateway.amazonaws.com"}, "lambda:InvokeFunction")],
        )


def taken_for(operation, keys):
    """The route that API Gateway takes for an operation: the most precise of those that match.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
    """
    asked = f"{operation.method} {re.sub('{[^}]*}', 'x', operation.path)}"
    matching = [key for key in keys if re.fullmatch(pattern(key), asked)]
    precise = lambda key: ("+}" not in key, len(re.sub("{[^}]*}", "", key)))
    return max(matching, key=precise, default=None)


def pattern(key):
    parts = re.split("({[^}]*})", key)
    return "".join(
        (".+" if p.endswith("+}") else "[^/]+") if p.startswith("{") else re.escape(p)
        for p in parts
    )


def limits(stack, found, changing):
    """How often those routes are taken on which something changes."""
    stage = client("apigatewayv2").get_stage(ApiId=stack["Api"], StageName="$default")
    settings = stage["RouteSettings"]
    found.equal("routes with limits of their own", set(settings), changing)
    usual = stage["DefaultRouteSettings"]
    for key, limit in settings.items():
        for kind in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
            found.holds(f"{key}, {kind} below the usual", 0 < limit[kind] < usual[kind])
    # or the stage would be made before them, and refused
    resources = stack.template["Resources"]
    found.equal(
        "ApiStage, after its routes",
        {resources[name]["Properties"]["RouteKey"] for name in resources["ApiStage"]["DependsOn"]},
        set(settings),
    )


def authorizer(stack, found):
    there = stack.of_type("AWS::ApiGatewayV2::Authorizer")
    asked = has_issuer(stack) and stack.parameters.get("ApiAuthorization", "IAM") != "IAM"
    found.equal("authorizers", there, ["ApiAuthorizer"] if asked else [])
    for name in there:
        one = client("apigatewayv2").get_authorizer(ApiId=stack["Api"], AuthorizerId=stack[name])
        pool = has_pool(stack)
        given = stack.parameters
        found.equal(
            "ApiAuthorizer, whom it trusts",
            one["JwtConfiguration"]["Issuer"],
            issuer(stack, stack["UserPool"]) if pool else given["JwtIssuer"],
        )
        found.equal(
            "ApiAuthorizer, for whom tokens are",
            one["JwtConfiguration"]["Audience"],
            [stack["PageClient"]] if pool else given["JwtAudience"].split(","),
        )


def issuer(stack, pool):
    return f"https://cognito-idp.{stack.region}.amazonaws.com/{pool}"


def made_later(logical):
    """What the functions know of what moto's CloudFormation does not make."""
    return stand_in("", logical, "")


def settings(stack):
    """What the functions of the API are told about it."""
    given = stack.parameters
    told = {
        "PIGEONHOLE_API_ANONYMOUS": "read" if given.get("ApiAuthorization") == "OPEN" else "none",
        "PIGEONHOLE_API_SCOPES": given.get("JwtScopes", ""),
        "PIGEONHOLE_API_GROUPS": given.get("JwtGroups", ""),
        "PIGEONHOLE_API_GROUPS_CLAIM": given.get("JwtGroupsClaim", "groups"),
    }
    if has_pool(stack):
        domain = made_later("UserPoolDomain")
        return told | {
            "PIGEONHOLE_API_SCOPES": ",".join(POOL_SCOPES),
            "PIGEONHOLE_API_GROUPS": ",write,admin",
            "PIGEONHOLE_API_GROUPS_CLAIM": "cognito:groups",
            "PIGEONHOLE_SIGN_IN_ISSUER": issuer(stack, made_later("UserPool")),
            "PIGEONHOLE_SIGN_IN_CLIENT": made_later("PageClient"),
            "PIGEONHOLE_SIGN_IN_SCOPES": " ".join(["openid", *POOL_SCOPES]),
            "PIGEONHOLE_SIGN_IN_TOKEN_ORIGIN": f"https://{domain}.auth.{stack.region}"
            ".amazoncognito.com",
        }
    if given.get("SignInClient"):
        return told | {
            "PIGEONHOLE_SIGN_IN_ISSUER": given["JwtIssuer"],
            "PIGEONHOLE_SIGN_IN_CLIENT": given["SignInClient"],
            "PIGEONHOLE_SIGN_IN_SCOPES": given.get("SignInScopes", "openid"),
            "PIGEONHOLE_SIGN_IN_TOKEN_ORIGIN": given.get("SignInTokenOrigin", ""),
        }
    return told


def people(stack, found):
    """The stack's own user pool."""
    made = [name for name in stack.resources if stack.kind(name).startswith(COGNITO)]
    found.equal("UserPool, if it is asked for", bool(made), has_pool(stack))
    if not made:
        return
    cognito, pool = client("cognito-idp"), {"UserPoolId": stack["UserPool"]}
    described = cognito.describe_user_pool(**pool)["UserPool"]
    closed = described["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]
    found.equal("UserPool, no sign-up", closed, True)
    found.equal("UserPool, mail addresses", described["UsernameAttributes"], ["email"])
    domain = cognito.describe_user_pool_domain(Domain=stack["UserPoolDomain"])
    found.equal("UserPoolDomain, of", domain["DomainDescription"]["UserPoolId"], stack["UserPool"])
    found.holds(
        "UserPoolDomain, nobody else's",
        re.fullmatch("pigeonhole-[0-9a-f-]{36}", stack["UserPoolDomain"]),
    )
    levels = cognito.describe_resource_server(**pool, Identifier="pigeonhole")["ResourceServer"]
    named = [f"pigeonhole/{scope['ScopeName']}" for scope in levels["Scopes"]]
    found.equal("Levels, scopes", named, POOL_SCOPES)
    page = cognito.describe_user_pool_client(**pool, ClientId=stack["PageClient"])
    page = page["UserPoolClient"]
    origins = [f"https://{stack['Api']}.execute-api.{stack.region}.amazonaws.com"]
    origins += filter(None, stack.parameters.get("CorsOrigins", "").split(","))
    urls = [f"{origin}/" for origin in origins]
    found.equal("PageClient, secret", "ClientSecret" in page, False)
    found.equal("PageClient, flows", page["AllowedOAuthFlows"], ["code"])
    found.equal("PageClient, flows on", page["AllowedOAuthFlowsUserPoolClient"], True)
    found.equal("PageClient, scopes", page["AllowedOAuthScopes"], ["openid", *POOL_SCOPES])
    found.equal("PageClient, where it returns to", page["CallbackURLs"], urls)
    found.equal("PageClient, where it leaves to", page["LogoutURLs"], urls)
    found.equal(
        "PageClient, by which other ways", page["ExplicitAuthFlows"], ["ALLOW_REFRESH_TOKEN_AUTH"]
    )
    groups = cognito.list_groups(**pool)["Groups"]
    found.equal("UserPool, groups", {g["GroupName"] for g in groups}, {"write", "admin"})
    users = cognito.list_users(**pool)["Users"]
    mails = [a["Value"] for u in users for a in u["Attributes"] if a["Name"] == "email"]
    found.equal("UserPool, users", mails, [stack.parameters["FirstUserEmail"]])
    for user in users:
        of = cognito.admin_list_groups_for_user(**pool, Username=user["Username"])["Groups"]
        found.equal("FirstUser, groups", [g["GroupName"] for g in of], ["admin"])
