"""
Adds: what people do without credentials (SignUp, ConfirmSignUp, InitiateAuth, …) finds the client in whatever account.
Follows: Amazon Cognito API Reference, "Understanding API request authentication": unauthenticated operations name a
client, whose id is one for all accounts.
Delete when: the emulator looks beyond the default account.
"""

from ministack.core.responses import set_request_account_id
from ministack.services import cognito


def _scope_of(client_id):
    for (account, region, pool_id), pool in cognito._user_pools.all_items():
        if client_id in pool["_clients"]:
            set_request_account_id(account)
            return pool_id, region
    return None


def install():
    cognito._pool_scope_for_client = _scope_of
