"""
Adds: batch calls are authorized by the action of the single call, e.g. SendMessageBatch by sqs:SendMessage.
Follows: Amazon SQS Developer Guide, "Amazon SQS API permissions: Actions and resource reference"; IAM has no action of
its own for the batches.
Delete when: the emulator maps the batch calls itself.
"""

from ministack.core import iam_actions

_BATCHES = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


def install():
    standard = iam_actions.extract_iam_action

    def extract(*arguments):
        action = standard(*arguments)
        return _BATCHES.get(action, action)

    iam_actions.extract_iam_action = extract
