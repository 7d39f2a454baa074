"""Signing in with a key, and signing out."""

import hmac
import re
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.dashboard.screen import address, render
from api.identity import SESSION_COOKIE, CallerOf, ContextOf, address_of
from domain.kernel.refusal import Forbidden, Invalid
from store.people import SESSION_LASTS

LOCAL = re.compile(r"/(?![/\\])[\x21-\x7e]*")
FIELDS = 10
BAD_KEY = "No valid key: this text is not a key, or it was revoked. Check that all of it was copied."

router = APIRouter(include_in_schema=False)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form. Raises `Invalid` for what no form of ours sends."""
    try:
        return dict(parse_qsl((await request.body()).decode(), max_num_fields=FIELDS))
    except ValueError:
        raise Invalid({"": "expected the fields of a form of this page"}) from None


FormOf = Annotated[dict[str, str], Depends(form_of)]


def local(target: str | None) -> str:
    """The target if it is a path of this site, else the first page."""
    return target if target and LOCAL.fullmatch(target) and "\\" not in target else "/"


def _is_from_elsewhere(request: Request) -> bool:
    """Whether another site sent the form; an old browser only tells from where."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site:
        return site not in {"same-origin", "none"}
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def to_sign_in(request: Request) -> Response:
    """Ask who it is, and come back.

    A link from elsewhere comes without the session, whose cookie is strict: such a visit is sent
    once more from here, now with it.
    """
    asked = address(request.url.path, request.query_params.multi_items())
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
        return render(request, "arriving.html", target=local(asked))
    came_from = [("next", local(asked))] if request.method == "GET" and asked != "/" else []
    return RedirectResponse(address("/sign-in", came_from), 303)


@router.get("/sign-in")
def ask(request: Request, context: ContextOf, next: str | None = None) -> Response:
    """The form; who is signed in goes on."""
    session = request.cookies.get(SESSION_COOKIE)
    if session and context.people.session_holder(session):
        return RedirectResponse(local(next), 303)
    return render(request, "sign_in.html", next=local(next), error=None)


@router.post("/sign-in")
def sign_in(request: Request, context: ContextOf, form: FormOf) -> Response:
    """A session for the holder of the key."""
    if _is_from_elsewhere(request):
        raise Forbidden("sign in on the page itself; this came from another site")
    target = local(form.get("next"))
    context.limits.may_sign_in(address_of(request))
    holder = context.people.holder(form.get("key", "").strip())
    if holder is None:
        context.limits.failed(address_of(request))
        return render(request, "sign_in.html", 401, next=target, error=BAD_KEY)
    answer = RedirectResponse(target, 303)
    answer.set_cookie(
        SESSION_COOKIE,
        context.people.open_session(holder[0]),
        max_age=int(SESSION_LASTS.total_seconds()),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return answer


@router.post("/sign-out")
def sign_out(caller: CallerOf, context: ContextOf, form: FormOf) -> Response:
    """End the session. Raises `Forbidden` without the token of its page."""
    if not caller.session or not hmac.compare_digest(form.get("csrf", "").encode(), (caller.csrf or "").encode()):
        raise Forbidden("this form is not from your session; open the page again and repeat it")
    context.people.close_session(caller.session)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
    return answer
