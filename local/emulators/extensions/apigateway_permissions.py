"""
Adds: an HTTP API answers requests of any account, and invokes a function only when that function's own policy, for the alias or version that the integration
names, lets API Gateway do so for this API; and nothing but an error comes of an invocation that Lambda refuses.
Follows: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs" (permissions).
Delete when: the emulator asks the function's policy.
"""

import logging

from ministack.core.responses import request_scope
from ministack.services import apigateway, lambda_svc

from .permissions import policy_problem

logger = logging.getLogger("aws-patterns")

_REFUSED = 500, {"Content-Type": "application/json"}, b'{"message":"Internal Server Error"}'


def problem_of(reference, account, region, source):
    with request_scope(account, region):
        name, qualifier = lambda_svc._resolve_name_and_qualifier(reference)
        function = lambda_svc._functions.get(name)
        if function is None:
            return None
        arn = lambda_svc._func_arn(name) + (f":{qualifier}" if qualifier else "")
        return policy_problem(function["policy"], "apigateway.amazonaws.com", "lambda:InvokeFunction", arn, source)


def _scope_of(api_id):
    return next(((account, region) for (account, region, known), _api in apigateway._apis.all_items()
                 if known == api_id), None)


def install():
    apigateway.find_api_scope = _scope_of
    invoke = apigateway._invoke_lambda_proxy

    async def invoke_if_allowed(integration, api_id, stage, path, method, headers, body, query, route_key, *arguments,
                                **options):
        account, region = options["owner_account_id"], options["owner_region"]
        reference = apigateway._extract_lambda_ref_from_integration_uri(integration.get("integrationUri", ""))
        route = "$default" if route_key == "$default" else method + path
        source = f"arn:aws:execute-api:{region}:{account}:{api_id}/{stage}/{route}"
        problem = problem_of(reference, account, region, source)
        if problem:
            logger.warning("API %s: %s", api_id, problem)
            return _REFUSED
        return await invoke(integration, api_id, stage, path, method, headers, body, query, route_key, *arguments,
                            **options)

    apigateway._invoke_lambda_proxy = invoke_if_allowed
