"""
Adds: SendEmail of the API v2 is authorized by what the mail is: ses:SendEmail for a simple one, ses:SendRawEmail for a
raw one, ses:SendTemplatedEmail for one from a template; on the sender's identity (the address, or else the domain above
it that is one), on the configuration set that the mail gets, also by its identity, and, in the sandbox, on the
identities of its recipients, too; with the condition keys of sending.
Follows: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Simple Email Service v2";
Amazon SES Developer Guide, "Identity and access management in Amazon SES". That raw mails and configuration sets are
checked so, and recipients in the sandbox, is what AWS answers, not what these say: nodemailer's issue 1734, aws-cdk's
issue 34402, aws-sdk-js's issue 3641.
Delete when: the emulator authorizes SendEmail on these resources with these keys.
"""

from email.utils import parseaddr

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.router import extract_access_key_id, extract_region

from . import ses_mail
from .ses_account import in_sandbox
from .ses_identities import arn, identity_of
from .wire import AwsError, request_of

_ACTIONS = {"Simple": "ses:SendEmail", "Raw": "ses:SendRawEmail", "Template": "ses:SendTemplatedEmail"}


def _resources(mail):
    found = [arn(identity_of(mail.sender) or mail.sender)]
    if mail.configuration_set:
        found.append(arn("").replace(":identity/", f":configuration-set/{mail.configuration_set}"))
    if in_sandbox():
        identities = [identity_of(parseaddr(address)[1]) for address in mail.recipients]
        found.extend(arn(identity) for identity in identities if identity)
    return list(dict.fromkeys(found))


def _keys(mail):
    name, address = parseaddr(mail.source)
    keys = {"ses:FromAddress": address, "ses:FromDisplayName": name, "ses:FeedbackAddress": mail.feedback,
            "ses:Recipients": [parseaddr(recipient)[1] for recipient in mail.recipients], "ses:ApiVersion": "2"}
    return {key: value for key, value in keys.items() if value}


def _denial(denied, action, resource, request_id, headers):
    if isinstance(denied, iam_evaluator.AuthError):
        return app._credential_failure("sesv2", action, request_id, denied, headers)
    message = f"User `{denied.principal_arn}' is not authorized to perform `{action}' on resource `{resource}'"
    return iam_actions.access_denied_response("sesv2", action, denied.principal_arn, request_id, headers=headers,
                                              message=message)


def install():
    standard = app._enforce_ses_v2

    def enforce(method, path, headers, body, query_params, request_id):
        if not app.AUTH:
            return None
        iam_evaluator.pin_request_caller(headers, query_params)
        request = request_of("ses", method, path, headers, body, query_params)
        try:
            if request is None or request.operation.name != "SendEmail":
                return standard(method, path, headers, body, query_params, request_id)
            mail = ses_mail.read(request, identity_of)
        except AwsError:
            # What is no mail is sent nowhere; the operation says what is wrong with it.
            return standard(method, path, headers, body, query_params, request_id)
        action, key = _ACTIONS[mail.kind], extract_access_key_id(headers, query_params)
        for resource in _resources(mail):
            denied = iam_evaluator.enforce(key, action, "sesv2", extract_region(headers, query_params),
                                           resource_arn=resource, service_context=_keys(mail))
            if denied:
                return _denial(denied, action, resource, request_id, headers)
        return None

    app._enforce_ses_v2 = enforce
