"""Translates a SAM template as CloudFormation does before it deploys one.

    translate.py TEMPLATE [NAME=VALUE ...]

prints the translated template as JSON. The parameters take part, as they do in
a deployment. Nobody is asked for anything: the managed policies that SAM gives
a function by itself are named below.
"""

import json
import os
import sys

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")


class ManagedPolicies:
    """Stands where the translator would ask IAM for its list."""

    def load(self):
        prefix = "arn:aws:iam::aws:policy/"
        return {
            "AWSLambdaBasicExecutionRole": prefix + "service-role/AWSLambdaBasicExecutionRole",
            "AWSXRayDaemonWriteAccess": prefix + "AWSXRayDaemonWriteAccess",
        }


def upload(template):
    """Puts an address in S3 where the build left a folder, as sam package does."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://artifacts/{name}.zip"
    return template


def main(path, *parameters):
    with open(path, encoding="utf-8") as file:
        template = upload(yaml_parse(file.read()))
    values = dict(parameter.split("=", 1) for parameter in parameters)
    json.dump(transform(template, values, ManagedPolicies()), sys.stdout, indent=1)


main(*sys.argv[1:])
