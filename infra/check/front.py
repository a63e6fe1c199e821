"""Looks at what infra/cloudfront.yaml puts in front of the API, in the template itself."""

from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

import outcomes
import parameters
import source

TEMPLATE = Path(__file__).resolve().parent.parent / "cloudfront.yaml"
API = {"ApiUrl": "https://abcdefghij.execute-api.eu-central-1.amazonaws.com"}
DOMAIN = {"Domain": "photos.example.com"}
CERTIFICATE = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1234-abcd"}

# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
OF_BODIES = {
    f"{what}_BODY"
    for what in [
        "SizeRestrictions",
        "CrossSiteScripting",
        "GenericLFI",
        "GenericRFI",
        "EC2MetaDataSSRF",
    ]
}
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
CACHED_ERRORS = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
# CachingDisabled and AllViewerExceptHostHeader, by the names that CloudFront has for them
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def check(text):
    """Looks at a template like it."""
    template, found = yaml_parse(text), outcomes.Outcomes()
    asked(template, found)
    acl(template["Resources"]["Acl"]["Properties"], found)
    distribution(template["Resources"]["Distribution"]["Properties"]["DistributionConfig"], found)
    url = template["Outputs"]["PageUrl"]["Value"]["Fn::Sub"]
    its_own = {"Fn::GetAtt": ["Distribution", "DomainName"]}
    name = {"Fn::If": ["HasDomain", {"Ref": "Domain"}, its_own]}
    found.equal("PageUrl", url, ["https://${Host}", {"Host": name}])
    return found


def asked(template, found):
    for values, region, refused in [
        (API, "us-east-1", []),
        (API, "eu-central-1", ["InUsEast1"]),
        (API | DOMAIN | CERTIFICATE, "us-east-1", []),
        (API | DOMAIN, "us-east-1", ["DomainAndCertificate"]),
        (API | CERTIFICATE, "us-east-1", ["DomainAndCertificate"]),
        ({"ApiUrl": API["ApiUrl"] + "/"}, "us-east-1", ["ApiUrl"]),
    ]:
        said = parameters.refused(template, values, region)
        found.equal(f"refused of {values} in {region}", said, refused)


def acl(properties, found):
    found.equal("Acl, for what", properties["Scope"], "CLOUDFRONT")
    found.equal("Acl, of what no rule is about", properties["DefaultAction"], {"Allow": {}})
    by_address, common = properties["Rules"]
    rate = by_address["Statement"]["RateBasedStatement"]
    found.equal("requests by address, of each", rate["AggregateKeyType"], "IP")
    found.equal("requests by address, at most", rate["Limit"], {"Ref": "RequestsByAddress"})
    found.equal("requests by address, refused", list(by_address["Action"]), ["Block"])
    group = common["Statement"]["ManagedRuleGroupStatement"]
    found.equal("common, whose", group["Name"], "AWSManagedRulesCommonRuleSet")
    found.equal("common, refused", common["OverrideAction"], {"None": {}})
    counted = {r["Name"] for r in group["RuleActionOverrides"] if r["ActionToUse"] == {"Count": {}}}
    found.equal("common, counted only: the rules of bodies", counted, OF_BODIES)


def distribution(config, found):
    found.equal("Distribution, WebACLId", config.get("WebACLId"), {"Fn::GetAtt": ["Acl", "Arn"]})
    own = {"Fn::If": ["HasDomain", [{"Ref": "Domain"}], {"Ref": "AWS::NoValue"}]}
    found.equal("Distribution, Aliases", config["Aliases"], own)
    _, with_domain, _ = config["ViewerCertificate"]["Fn::If"]
    protocol = with_domain["MinimumProtocolVersion"]
    found.equal("Distribution, with Domain", protocol, "TLSv1.2_2021")
    [origin] = config["Origins"]
    host = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "ApiUrl"}]}]}
    found.equal("origin, where", origin["DomainName"], host)
    found.equal("origin, by", origin["CustomOriginConfig"]["OriginProtocolPolicy"], "https-only")
    behavior = config["DefaultCacheBehavior"]
    found.equal("Distribution, goes to", behavior["TargetOriginId"], origin["Id"])
    found.equal(
        "Distribution, ViewerProtocolPolicy", behavior["ViewerProtocolPolicy"], "redirect-to-https"
    )
    methods = source.methods() | {"OPTIONS"}
    found.equal("methods that are missing", methods - set(behavior["AllowedMethods"]), set())
    found.equal("Distribution, CachePolicyId", behavior["CachePolicyId"], CACHING_DISABLED)
    errors = config["CustomErrorResponses"]
    not_kept = {e["ErrorCode"] for e in errors if e["ErrorCachingMinTTL"] == 0}
    found.equal("errors that are not kept", not_kept, CACHED_ERRORS)
    passed_on = behavior["OriginRequestPolicyId"]
    found.equal("Distribution, OriginRequestPolicyId", passed_on, ALL_BUT_HOST)
