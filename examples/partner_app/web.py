"""What the page asks of the backend: small JSON answers, and a notice in place of every error."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from examples.partner_app.backend import Backend
from examples.partner_app.connect import ConnectError, Json
from examples.partner_app.database import Charge, Driver, State
from examples.partner_app.notices import Act, Notice, Told, notice_for

COOKIE = "partner_app"
CRASHED = Notice("Something went wrong on our side. Please try again in a moment.", Act.WAIT)
SIGN_IN = Notice("Please sign in first.", Act.NOTHING)
_BILLING = ("first_name", "last_name", "line1", "postal_code", "city", "country", "tax_id")


class Call:
    """One request of the page."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.backend: Backend = request.app.state.backend

    @property
    def driver(self) -> Driver:
        """Raises `Told` where nobody is signed in."""
        driver = self.backend.accounts.signed_in(self.request.cookies.get(COOKIE))
        if driver is None:
            raise Told(SIGN_IN)
        return driver

    async def body(self) -> Json:
        """JSON only: no other page can make a browser send that here without asking first. To be awaited by whatever
        changes something, also where nothing is in it."""
        if self.request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise Told(CRASHED)
        found = await self.request.json()
        return found if isinstance(found, dict) else {}


def told(notice: Notice | None) -> Json | None:
    return None if notice is None else {"text": notice.text, "act": notice.act, "reference": notice.reference}


def charge_shown(charge: Charge | None) -> Json | None:
    """What the page knows of a charge: nothing of Connect's."""
    if charge is None:
        return None
    return {
        "state": charge.state,
        "evse_id": charge.evse_id,
        "station": charge.station,
        "kwh": charge.kwh,
        "can_stop": charge.state is State.CHARGING,
        "open": charge.is_open,
        "notice": told(charge.notice),
    }


# -- the page's questions --------------------------------------------------------------------------------------


async def sign_in(call: Call) -> Response:
    name = str((await call.body()).get("name") or "").strip()
    if not 1 <= len(name) <= 60:
        raise Told(Notice("Please enter your name.", Act.NOTHING))
    token = await call.backend.accounts.sign_in(name)
    answer = JSONResponse({})
    # On the internet also secure=True; on http://127.0.0.1 a browser would not send it back then.
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", max_age=30 * 24 * 3600)
    return answer


async def config(call: Call) -> Json:
    """What the page needs to speak to Stripe. The publishable key is made to be public; no other one is given out."""
    return {"stripe": call.backend.settings.stripe_base, "publishable_key": call.backend.settings.publishable_key}


async def me(call: Call) -> Json:
    charge = call.backend.database.newest_charge(call.driver.id)
    return {"name": call.driver.name, "charge": charge_shown(charge)}


async def cards(call: Call) -> Json:
    return {"cards": [{"id": card.id, "label": card.label} for card in await call.backend.accounts.cards(call.driver)]}


async def new_card(call: Call) -> Json:
    await call.body()
    return {"client_secret": await call.backend.accounts.setup_secret(call.driver)}


async def billing(call: Call) -> Json:
    body = await call.body()
    details = {name: str(body[name]).strip() for name in _BILLING if body.get(name)}
    await call.backend.accounts.put_billing(call.driver, {"account_type": "personal", **details})
    return {}


async def around(call: Call) -> Json:
    query = call.request.query_params
    try:
        place = float(query["latitude"]), float(query["longitude"])
    except (KeyError, ValueError):
        raise Told(Notice("We do not know where you are. Enter the number on the station.", Act.STATION)) from None
    return {"stations": await call.backend.stations.around(*place)} if call.driver else {}


async def station(call: Call) -> Json:
    return await call.backend.stations.of(call.request.query_params.get("evse_id", "")) if call.driver else {}


async def start(call: Call) -> Json:
    body = await call.body()
    card = body.get("card")
    charges = call.backend.charges
    evse_id = str(body.get("evse_id") or "").strip()
    return {"charge": charge_shown(await charges.start(call.driver, evse_id, card if isinstance(card, int) else None))}


async def stop(call: Call) -> Json:
    await call.body()
    return {"charge": charge_shown(call.backend.charges.stop(call.driver))}


async def receipt(call: Call) -> Json:
    return {"receipt": await call.backend.receipts.of(call.backend.charges.newest(call.driver))}


async def to_pay(call: Call) -> Json:
    """The payments that wait for the driver, each with the secret with which the page settles it at Stripe."""
    driver, backend = call.driver, call.backend
    if (secret := backend.holds.secret(driver)) is not None:
        return {"payments": [{"what": "This charge", "client_secret": secret}]}
    debts = await backend.connect.debts(await backend.accounts.user_of(driver))
    return {"payments": [_payment(debt) for debt in debts]}


def _payment(debt: Json) -> Json:
    what = f"{debt.get('amount')} {debt.get('currency')}"
    return {"what": what, "client_secret": debt.get("payment_intent_client_secret")}


async def paid(call: Call) -> Json:
    """The page says that the driver authenticated the payment. If that is not so, the next start says it."""
    await call.body()
    call.backend.holds.lift(call.driver, Act.AUTHENTICATE)
    return {}


# -- around them -----------------------------------------------------------------------------------------------


def answered(act: Callable[[Call], Awaitable[Json | Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Whatever goes wrong, the driver gets a notice and the log the rest."""

    async def handle(request: Request) -> Response:
        call = Call(request)
        try:
            answer = await act(call)
        except Told as refusal:
            status = 401 if refusal.notice is SIGN_IN else 409
            return JSONResponse({"notice": told(refusal.notice)}, status)
        except ConnectError as error:
            call.backend.log.trouble(act.__name__, error)
            return JSONResponse({"notice": told(notice_for(error))}, 502)
        except Exception as fault:
            call.backend.log.crash(act.__name__, fault)
            return JSONResponse({"notice": told(CRASHED)}, 500)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    return handle


API: tuple[tuple[str, str, Callable[[Call], Awaitable[Any]]], ...] = (
    ("POST", "/api/sign-in", sign_in),
    ("GET", "/api/config", config),
    ("GET", "/api/me", me),
    ("GET", "/api/cards", cards),
    ("POST", "/api/cards", new_card),
    ("PUT", "/api/billing", billing),
    ("GET", "/api/stations", around),
    ("GET", "/api/station", station),
    ("POST", "/api/start", start),
    ("POST", "/api/stop", stop),
    ("GET", "/api/receipt", receipt),
    ("GET", "/api/payments", to_pay),
    ("POST", "/api/payments", paid),
)
