"""A moto server on a free port, completed where it does less than AWS does.

    cloud.py

prints its address and serves until its standard input ends, so that it cannot
outlive who started it.

What is added to moto is here in full, and nothing of it decides a test: every
permission is looked for in the role's own policies by moto, every property comes
from the template and is read back by the API of its service.

1. Authorisation. Moto asks for every DynamoDB action on the resource "*", which no
   policy for one table allows, and for transactions as actions of their own, which
   IAM does not know: a transaction takes the permissions of what is in it.
   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
2. CloudFormation. Moto leaves out some properties of tables and functions, and
   some kinds of resources.
"""

import json
import os
import sys
import threading
import warnings

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
os.environ["VALIDATE_LAMBDA_S3"] = "false"  # no function runs in here

from moto import server
from moto.apigateway.models import RestAPI, apigateway_backends
from moto.apigatewayv2.models import apigatewayv2_backends
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import AccessDeniedError, JsonRESTError
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.iam.access_control import IAMRequest
from moto.iam.models import Role, iam_backends
from moto.secretsmanager.responses import SecretsManagerResponse
from werkzeug.serving import make_server

# Authorisation.

IN_A_TRANSACTION = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}


def permissions(operation, body):
    """Yields the actions that an operation takes, each with its table."""
    if operation == "TransactWriteItems":
        for item in body["TransactItems"]:
            for kind, part in item.items():
                yield IN_A_TRANSACTION[kind], part["TableName"]
    elif operation == "BatchGetItem":
        for table in body["RequestItems"]:
            yield operation, table
    else:
        yield operation, body.get("TableName", "*")


def asking_for(action):
    """The class of requests for an action, whatever the operation is called."""

    class Request(IAMRequest):
        def __init__(self, **given):
            super().__init__(**{**given, "action": action})

    return Request


def authorize(self, permissions):
    """Looks for permissions, pairs of actions and resources, in the caller's policies."""
    try:
        for action, resource in permissions:
            self._authenticate_and_authorize_action(asking_for(action), resource)
    except AccessDeniedError as denied:  # which moto has as XML alone
        raise JsonRESTError("AccessDeniedException", denied.message) from denied


def authorize_dynamodb(self, resource="*"):
    tables = f"arn:aws:dynamodb:{self.region}:{self.current_account}:table/"
    body = json.loads(self.raw_body or "{}")
    authorize(self, [(action, tables + table) for action, table in permissions(self._get_action(), body)])


def authorize_secretsmanager(self, resource="*"):
    authorize(self, [(self._get_action(), self._get_param("SecretId"))])  # which the functions have as an ARN


DynamoHandler._authenticate_and_authorize_normal_action = authorize_dynamodb
SecretsManagerResponse._authenticate_and_authorize_normal_action = authorize_secretsmanager

# CloudFormation: what is missing of tables and functions.


def completed(kind, complete, prepare=lambda definition: definition):
    """Has complete do the rest when CloudFormation makes a resource of a kind."""
    create = kind.create_from_cloudformation_json.__func__

    def create_and_complete(cls, name, definition, account, region, **rest):
        resource = create(cls, name, prepare(definition), account, region, **rest)
        complete(resource, definition["Properties"], account, region)
        return resource

    kind.create_from_cloudformation_json = classmethod(create_and_complete)


def complete_table(table, properties, account, region):
    dynamodb = dynamodb_backends[account][region]
    dynamodb.update_time_to_live(table.name, properties["TimeToLiveSpecification"])
    dynamodb.update_continuous_backups(table.name, properties["PointInTimeRecoverySpecification"])
    table.sse_specification = {"Enabled": properties["SSESpecification"]["SSEEnabled"]}
    table.deletion_protection_enabled = properties["DeletionProtectionEnabled"] in (True, "true")


def complete_function(function, properties, account, region):
    function.architectures = properties["Architectures"]
    function.tracing_config = properties["TracingConfig"]
    told = function.get_configuration
    function.get_configuration = lambda *given: {**told(*given), "LoggingConfig": properties["LoggingConfig"]}


def encode_policies(definition):
    """Moto keeps the policies of a role as they come, and IAM has them as text."""
    properties = definition["Properties"]
    policies = []
    for policy in properties["Policies"]:
        document = policy["PolicyDocument"]
        document = {**document, "Statement": [s for s in document["Statement"] if s]}  # without AWS::NoValue
        policies.append({**policy, "PolicyDocument": json.dumps(document)})
    return {**definition, "Properties": {**properties, "Policies": policies}}


def attach_policies(role, properties, account, region):
    for arn in properties["ManagedPolicyArns"]:
        iam_backends[account]["aws"].attach_role_policy(arn, role.name)


def complete_api(api, properties, account, region):
    apigateway_backends[account][region].put_rest_api(api.id, properties["Body"], fail_on_warnings=False)


def name_api(definition):
    """The name of an API is its document's, if it has no other."""
    properties = definition["Properties"]
    return {**definition, "Properties": {"Name": properties["Body"]["info"]["title"], **properties}}


completed(Table, complete_table)
completed(LambdaFunction, complete_function)
completed(Role, attach_policies, prepare=encode_policies)
completed(RestAPI, complete_api, prepare=name_api)

# CloudFormation: kinds of resources that are missing.


def added(kind, make):
    """Adds a kind of resource: make returns its physical id and its attributes."""

    class Added(CloudFormationModel):
        __module__ = "moto.added.models"  # where moto keeps count of what there is

        def __init__(self, physical_id, attributes):
            self.physical_resource_id = physical_id
            self.attributes = attributes

        @classmethod
        def create_from_cloudformation_json(cls, name, definition, account, region, **_):
            return cls(*make(name, definition["Properties"], account, region))

        @classmethod
        def has_cfn_attr(cls, attr):
            return True

        def get_cfn_attribute(self, attribute_name):
            return self.attributes[attribute_name]

        @staticmethod
        def cloudformation_name_type():
            return ""

        @staticmethod
        def cloudformation_type():
            return kind

    return Added


def make_api(name, properties, account, region):
    api = apigatewayv2_backends[account][region].create_api(
        None, None, "", None, None, name, "HTTP", None, {}, None
    )
    return api.api_id, {}


def make_url(name, properties, account, region):
    config = {key: properties[key] for key in ("AuthType", "InvokeMode")}
    url = lambda_backends[account][region].create_function_url_config(properties["TargetFunctionArn"], config)
    return properties["TargetFunctionArn"], {"FunctionUrl": url.url + "/"}


def make_stage(name, properties, account, region):
    return properties["StageName"], {}


def make_alarm(name, properties, account, region):
    cloudwatch_backends[account][region].put_metric_alarm(
        name=name,
        namespace=None,
        metric_name=None,
        comparison_operator=properties["ComparisonOperator"],
        evaluation_periods=properties["EvaluationPeriods"],
        period=None,
        threshold=properties["Threshold"],
        statistic=None,
        description=properties["AlarmDescription"],
        dimensions=[],
        alarm_actions=properties.get("AlarmActions", []),
        treat_missing_data=properties["TreatMissingData"],
    )
    return name, {}


# Moto finds the classes that there are, and these must live as long as it does.
ADDED = [
    added("AWS::ApiGateway::Stage", make_stage),
    added("AWS::ApiGatewayV2::Api", make_api),
    added("AWS::ApiGatewayV2::Stage", make_stage),
    added("AWS::Lambda::Url", make_url),
    added("AWS::CloudWatch::Alarm", make_alarm),
]


def main():
    warnings.simplefilter("ignore")  # what else it does not make no test asks for
    application = server.DomainDispatcherApplication(server.create_backend_app)
    served = make_server("127.0.0.1", 0, application, threaded=True)
    print(f"http://127.0.0.1:{served.port}", flush=True)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
