"""The charges through the partner's integration: a row for each, and which of them are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from golive.evidence.integration import Charge, Shown
from golive.evidence.model import Exchange
from golive.outcomes import Outcome
from golive.report.marks import OUTCOMES, OWNERS, Mark
from golive.report.steps import screens, user_of
from golive.report.views.links import Anchors, Links
from golive.report.views.screens import Pictures, Screens, screen_rows

_START = "/charging/start"


@dataclass(frozen=True)
class ChargeRow:
    driver: str
    evse_id: str
    stops: bool
    user_id: str | None
    session_id: str | None
    mark: Mark
    owner: str | None
    message: str | None
    receipt: str | None
    exchanges: Links
    screens: Screens


@dataclass(frozen=True)
class Drawn:
    title: str
    exchanges: tuple[Exchange, ...]
    shown: tuple[Shown, ...]


def charge_rows(charges: Sequence[Charge], anchors: Anchors, pictures: Pictures) -> tuple[ChargeRow, ...]:
    return tuple(
        ChargeRow(
            driver=charge.driver,
            evse_id=charge.evse_id,
            stops=charge.stops,
            user_id=charge.user_id,
            session_id=charge.session_id,
            mark=OUTCOMES[charge.outcome],
            owner=OWNERS[charge.owner] if charge.owner else None,
            message=charge.message,
            receipt=charge.receipt,
            exchanges=anchors.exchanges(charge.exchanges),
            screens=screen_rows(charge.shown, pictures),
        )
        for charge in charges
    )


def drawn_charges(
    charges: Sequence[Charge], theirs: Sequence[Exchange], by_id: Mapping[str, Exchange]
) -> tuple[Drawn, ...]:
    """The whole charge of which most was shown, and the worst of the others; where nobody of this suite drove, the
    requests for the first user with a start among `theirs`."""
    with_traffic = [charge for charge in charges if any(id_ in by_id for id_ in charge.exchanges)]
    if not charges:
        return _at_the_gateway(theirs)
    whole = [charge for charge in with_traffic if charge.outcome is Outcome.PASSED]
    others = [charge for charge in with_traffic if charge.outcome is not Outcome.PASSED]
    order = list(Outcome)
    chosen = [
        *([max(whole, key=lambda charge: len(screens(charge.shown)))] if whole else []),
        *([min(others, key=lambda charge: order.index(charge.outcome))] if others else []),
    ]
    return tuple(
        Drawn(
            f"The charge on {charge.evse_id}",
            tuple(by_id[id_] for id_ in dict.fromkeys(charge.exchanges) if id_ in by_id),
            charge.shown,
        )
        for charge in chosen
    )


def _at_the_gateway(theirs: Sequence[Exchange]) -> tuple[Drawn, ...]:
    start = next((x for x in theirs if x.request.method == "POST" and _START in x.request.url), None)
    user_id = user_of(start) if start is not None else None
    if user_id is None:
        return ()
    return (Drawn(f"The requests for user {user_id}", tuple(x for x in theirs if user_of(x) == user_id), ()),)
