"""
Adds: the pages of a user pool answer under the pool's own domain only, for clients of that pool that are allowed to use
them, and leave other hosts their paths; people sign up there, confirm with the code that was mailed, and are signed in.
Follows: Cognito Developer Guide, "User pool endpoints and managed login reference", "The login endpoint", "Signing up
and confirming user accounts". A call that needs no credentials (SignUp, InitiateAuth) is one to the client's account.
Delete when: the emulator has pages for signing up.
"""

import contextlib
import html
import json
import re
from urllib.parse import parse_qsl, urlencode

from ministack import app
from ministack.core.responses import request_scope
from ministack.services import cognito

from .wire import around

_PAGES = re.compile(r"^([a-z0-9-]+)\.auth\.([a-z0-9-]+)\.amazoncognito\.com(:\d+)?$")
_PATHS = {"/oauth2/authorize", "/oauth2/token", "/login", "/logout", "/signup", "/confirmUser"}
_OTHERS = re.compile(r"\.(cloudfront\.net|on\.aws|execute-api\.[^:]+)(:\d+)?$")


@around("cognito-idp")
def _in_account_of_client(request):
    """Who signs up or in has no credentials, and so no account: that of the client holds."""
    client = None if "UserPoolId" in request else request.get("ClientId")
    owner = next((key for key, pool in cognito._user_pools.all_items() if client in pool["_clients"]), None)
    return request_scope(*owner[:2]) if owner else contextlib.nullcontext()


def _oauth(given):
    return {name: value for name, value in cognito._extract_oauth_form_params(given).items() if value}


def _page(title, action, given, fields, problem=""):
    kept = "".join(f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in given.items())
    shown = "".join(f'<label for="{name}">{label}</label><input type="{kind}" id="{name}" name="{name}" required>'
                    for name, label, kind in fields)
    error = f'<div class="error">{html.escape(problem)}</div>' if problem else ""
    body = f'{error}<form method="POST" action="{action}">{kept}{shown}<button type="submit">{title}</button></form>'
    return 200, {"Content-Type": "text/html; charset=utf-8"}, cognito._page_shell(title, title, body).encode()


def _sign_up_page(pool, given, problem=""):
    is_email = "email" in pool.get("UsernameAttributes", [])
    fields = [("username", "Email" if is_email else "Username", "text"), ("password", "Password", "password")]
    return _page("Sign up", "/signup", _oauth(given), fields + ([] if is_email else [("email", "Email", "text")]), problem)


def _confirm_page(given, problem=""):
    kept = {**_oauth(given), "username": given["username"]}
    return _page("Confirm", "/confirmUser", kept, [("code", "Confirmation code", "text")], problem)


def _message(answer):
    return None if answer[0] == 200 else json.loads(answer[2]).get("message", "")


def _sign_up(pool, given):
    request = {"ClientId": given["client_id"], "Username": given.get("username", ""),
               "Password": given.get("password", ""), "UserAttributes":
               [{"Name": "email", "Value": given["email"]}] if given.get("email") else []}
    problem = _message(cognito._sign_up(request))
    return _confirm_page(given) if problem is None else _sign_up_page(pool, given, problem)


def _confirm(pool, given):
    request = {"ClientId": given["client_id"], "Username": given.get("username", ""),
               "ConfirmationCode": given.get("code", "")}
    refused = cognito._confirmation_code_error("ConfirmSignUp", request) or cognito._confirm_sign_up(request)
    if _message(refused) is not None:
        return _confirm_page(given, _message(refused))
    oauth = cognito._extract_oauth_form_params(given)
    oauth.pop("response_type")
    user = cognito._resolve_user(pool, request["Username"])[0]
    return cognito._issue_auth_code_redirect(pool_id=pool["Id"], username=user["Username"], **oauth)


def _answer(method, path, headers, query, given):
    """What a page refuses or answers by itself; None for the emulator."""
    match = _PAGES.match(headers.get("host", ""))
    domains = {(region, domain): pool for (_, region, domain), pool in cognito._pool_domain_map.all_items()}
    known = match and domains.get((match[2], match[1]))
    if match and not known:
        return cognito._oauth2_error("invalid_request", "Login pages unavailable. Please contact an administrator.")
    client_id = given.get("client_id") or cognito._authenticate_client(headers, given)[0]
    pool_id, pool, client = cognito._find_pool_by_client_id(client_id)
    if pool is None or (known and pool_id != known):
        return cognito._oauth2_error("invalid_client", "The client does not exist.") if client_id else None
    if not client.get("AllowedOAuthFlowsUserPoolClient"):
        return cognito._oauth2_error("unauthorized_client", "The client may not use these flows.")
    if path in ("/signup", "/confirmUser") and pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly"):
        return cognito._oauth2_error("access_denied", "Only administrators make users here.")
    if method == "GET" and path in ("/login", "/signup"):
        page = cognito.handle_oauth2_authorize(method, "/oauth2/authorize", headers, query)
        return page if path == "/login" or page[0] != 200 else _sign_up_page(pool, given)
    if method == "POST" and path in ("/signup", "/confirmUser"):
        return (_sign_up if path == "/signup" else _confirm)(pool, given)
    return None


def install():
    get, post, login = app._handle_cognito_get_request, app._handle_cognito_body_request, cognito._login_page_html

    async def get_by_domain(method, path, headers, query):
        if method != "GET" or path not in _PATHS:
            return await get(method, path, headers, query)
        if _OTHERS.search(headers.get("host", "")):
            return None
        given = {name: cognito._qp(query, name) for name in query}
        return _answer(method, path, headers, query, given) or await get(method, path, headers, query)

    async def post_by_domain(method, path, headers, body, query):
        if method != "POST" or path not in _PATHS:
            return await post(method, path, headers, body, query)
        if _OTHERS.search(headers.get("host", "")):
            return None
        given = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        return _answer(method, path, headers, query, given) or await post(method, path, headers, body, query)

    def login_or_sign_up(client_id, redirect_uri, scope, state, response_type, *more, **named):
        page = login(client_id, redirect_uri, scope, state, response_type, *more, **named)
        given = dict(zip(("code_challenge", "code_challenge_method", "nonce"), more))
        link = urlencode({"client_id": client_id, "redirect_uri": redirect_uri, "scope": scope, "state": state,
                          "response_type": response_type, **given})
        return page.replace("</form>", f'</form><div class="footer"><a href="/signup?{html.escape(link)}">Sign up</a></div>')

    app._handle_cognito_get_request, app._handle_cognito_body_request = get_by_domain, post_by_domain
    cognito._login_page_html = login_or_sign_up
