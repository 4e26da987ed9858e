"""
Extensions of the local cloud's emulator, one file for each gap. Importing a file binds the API operations that it
declares; its `install`, where it has one, wraps what it only adjusts.
"""

import importlib

_EXTENSIONS = (
    "wire", "secure_transport", "iam_action_names",
    "eventbus", "ssm_public_parameters", "ec2_wavelength_zones", "ec2_carrier_gateways", "ec2_addresses",
    "ec2_interfaces", "ec2_launch_templates", "ec2_lifecycle", "ec2_instances", "ec2_launch",
    "autoscaling_activities", "autoscaling_hooks", "autoscaling_engine", "autoscaling_groups", "autoscaling_tags",
    "autoscaling_instances", "autoscaling_refresh", "event_targets", "event_destinations", "schedules",
    "stepfunctions_redrive", "stepfunctions_tasks", "distributed_map_runs", "distributed_map_checks",
    "lambda_queue_sources", "lambda_failures", "pipes_polling", "iam_resources", "route53_changes",
    "lambda_java", "lambda_snapstart", "lambda_web_adapter", "apigateway_permissions",
    "apigateway_import", "apigateway_requests", "cloudwatch_alarms", "embedded_metrics",
    "organizations_units", "organizations_policies", "organizations_membership",
    "budgets_rules", "cost_explorer", "cost_anomalies", "cost_allocation_tags", "cost_reports",
    "inspector_accounts", "security_hub", "inspector_findings",
    "ses_identities", "ses_account", "ses_events", "ses_sending", "ses_authorization",
    "iam_request_context", "service_control_policies", "iam_simulation", "authorization_log", "iam_dependent_actions",
    "iam_trust",
    "waf_acls", "log_deliveries", "function_urls", "cloudfront_origins",
    "cloudfront_missing_objects", "cloudfront_cache", "cloudfront_edge", "cognito_pages", "function_hosts",
    "admin",
)


def install():
    for name in _EXTENSIONS:
        module = importlib.import_module(f"{__name__}.{name}")
        if hasattr(module, "install"):
            module.install()
