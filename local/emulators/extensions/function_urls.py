"""
Adds: a function URL asks the function's policy for both lambda:InvokeFunctionUrl and lambda:InvokeFunction: of everybody
where its type is NONE, of CloudFront where an origin access control signs, and of the caller where a caller signs.
Follows: Lambda Developer Guide, "Control access to Lambda function URLs" (new URLs need both since October 2025).
Delete when: the emulator asks for both.
"""

import contextlib
import contextvars
import json
import logging

from ministack import app
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.core.responses import new_uuid
from ministack.services import lambda_svc

logger = logging.getLogger("aws-patterns")

# The service that signs the present request, and the resource that it does so for.
_signer = contextvars.ContextVar("aws_patterns_url_signer", default=None)
_FORBIDDEN = ("Forbidden. For troubleshooting Function URL authorization issues, see: "
              "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html")


@contextlib.contextmanager
def signed_by(service, source_arn):
    token = _signer.set((service, source_arn))
    try:
        yield
    finally:
        _signer.reset(token)


def refuse(message=_FORBIDDEN):
    headers = {"Content-Type": "application/json", "x-amzn-RequestId": new_uuid(),
               "x-amzn-ErrorType": "AccessDeniedException"}
    return 403, headers, json.dumps({"Message": message}).encode()


def _problem(resolved, headers, query_params):
    account, region, name, qualifier, config = resolved
    arn = f"arn:aws:lambda:{region}:{account}:function:{name}" + (f":{qualifier}" if qualifier else "")
    function = lambda_svc._functions.get_scoped(account, region, name)
    service, source = _signer.get() or (None, None)
    keys = {"lambda:invokefunctionurl": {"lambda:functionurlauthtype": config["AuthType"]},
            "lambda:invokefunction": {"lambda:invokedviafunctionurl": "true"}}
    if config["AuthType"] == "AWS_IAM" and not service:
        # The emulator has asked for lambda:InvokeFunctionUrl, and refuses later what nobody signed.
        denied = lambda_svc._function_url_is_signed(headers, query_params) and app._enforce_data_plane(
            "lambda", "lambda:InvokeFunction", headers, query_params, "", resource_arn=arn,
            service_context=keys["lambda:invokefunction"])
        return denied and f"the caller may not perform lambda:InvokeFunction on {arn}"
    for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
        context = EvalContext(
            principal_arn="*", principal_type="Service" if service else "Anonymous", principal_account="",
            action=action, resource_arn=arn, region=region, service_context={
                **keys[action.lower()], **({"aws:sourcearn": source, "aws:sourceaccount": source.split(":")[4]}
                                           if service else {})})
        if evaluate_resource_policy(function["policy"], context, service=service).decision != "Allow":
            return f"the policy of {arn} does not let {service or 'everybody'} perform {action}"
    return None


def install():
    handle, is_signed = lambda_svc.handle_function_url_request, lambda_svc._function_url_is_signed

    async def handle_if_allowed(url_id, method, path, headers, body, query_params, resolved=None, source_ip=None):
        resolved = resolved or lambda_svc.resolve_function_url(url_id)
        is_preflight = resolved and method == "OPTIONS" and resolved[4].get("Cors")
        problem = None if resolved is None or is_preflight else _problem(resolved, headers, query_params)
        if problem:
            logger.warning("function URL %s: %s", url_id, problem)
            return refuse()
        return await handle(url_id, method, path, headers, body, query_params, resolved=resolved, source_ip=source_ip)

    lambda_svc.handle_function_url_request = handle_if_allowed
    lambda_svc._function_url_is_signed = lambda *request: _signer.get() is not None or is_signed(*request)
