"""
Adds: the IAM action of every call of Lambda. The emulator takes some for others (GetEventSourceMapping for
ListEventSourceMappings), and does not know others at all, which everybody may then make (DeleteEventSourceMapping,
PutFunctionEventInvokeConfig).
Follows: Service Authorization Reference, "Actions, resources, and condition keys for AWS Lambda": the actions have the
operations' names, but for those below.
Delete when: the emulator matches Lambda's paths with the service model, as it does for other REST services.
"""

from ministack.core import iam_actions

_OTHER_NAMES = {"Invoke": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction",
                "GetLayerVersionByArn": "GetLayerVersion"}


def install():
    standard = iam_actions._lambda_action
    iam_actions._BOTOCORE_SERVICE_MAP["lambda"] = ["lambda"]

    def lambda_action(method, path):
        operation = iam_actions._match_rest_action("lambda", method, path)
        return _OTHER_NAMES.get(operation, operation) or standard(method, path)

    iam_actions._lambda_action = lambda_action
