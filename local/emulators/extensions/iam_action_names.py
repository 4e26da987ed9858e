"""
Adds: the IAM actions that AWS authorizes calls by, where the emulator has others or none: a batch by the action of the
single call, e.g. SendMessageBatch by sqs:SendMessage; the calls of Budgets by two actions for them all; and every call
of Lambda. The emulator takes some of those for others (GetEventSourceMapping for ListEventSourceMappings), and does not
know others at all, which everybody may then make (DeleteEventSourceMapping, PutFunctionEventInvokeConfig).
Follows: Amazon SQS Developer Guide, "Amazon SQS API permissions: Actions and resource reference"; Service Authorization
Reference for AWS Budgets and AWS Lambda, whose actions have the operations' names, but for those below.
Delete when: the emulator maps batches and budgets itself, and matches Lambda's paths with the service model, as it does
for other REST services.
"""

from ministack.core import iam_actions

from .wire_requests import service_model


def _of_budgets(name):
    if "Tag" in name or "Action" in name:
        return name
    return "ViewBudget" if name.startswith("Describe") else "ModifyBudget"


_NAMES = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    **{f"budgets:{name}": f"budgets:{_of_budgets(name)}" for name in service_model("budgets").operation_names},
}
_NAMES_OF_LAMBDA = {"Invoke": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction",
                    "GetLayerVersionByArn": "GetLayerVersion"}


def install():
    action_of, action_of_lambda = iam_actions.extract_iam_action, iam_actions._lambda_action
    iam_actions._BOTOCORE_SERVICE_MAP["lambda"] = ["lambda"]

    def extract(*arguments):
        action = action_of(*arguments)
        return _NAMES.get(action, action)

    def lambda_action(method, path):
        operation = iam_actions._match_rest_action("lambda", method, path)
        return _NAMES_OF_LAMBDA.get(operation, operation) or action_of_lambda(method, path)

    iam_actions.extract_iam_action, iam_actions._lambda_action = extract, lambda_action
