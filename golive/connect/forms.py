"""Where the API's sources disagree, and what else an answer can do outside the published contract: the observations.

Each form has a code, a sentence and an owner. Both sides of a disagreement are read alike; only the side outside the
published OpenAPI is observed. `FORM_*` are the disagreements between the vendor's own documents.
"""

from dataclasses import dataclass
from typing import Final

from golive.outcomes import Owner
from golive.recording import Recorder


@dataclass(frozen=True, slots=True)
class Form:
    """`read`: whether it is met in an answer; otherwise it concerns only what a client sends."""

    code: str
    sentence: str
    owner: Owner = Owner.CARIQA
    read: bool = True


_DISAGREEMENTS: Final = (
    Form(
        "FORM_SETUP_INTENT_SECRET",
        "The setup intent's secret comes as `client_secret`; the published contract says `setup_intent_client_secret`.",
    ),
    Form("FORM_CARD_EXPIRY", "A card's expiry comes as MM/YYYY; the published contract says MM/YY."),
    Form(
        "FORM_EXTERNAL_ID",
        "A user's external id comes under `external_id`; the published contract says `custom_properties.external_id`.",
    ),
    Form("FORM_VAT_FIELD", "The VAT number comes as `vat_number`; the published contract says `vat_id`."),
    Form("FORM_PM_TYPE", "A payment method has a type that the published contract does not list."),
    Form("FORM_ID", "An id comes as a JSON number; the published contract says a string."),
    Form("FORM_INVOICE_VIEW", "`session_cost.invoice_view` is present, which only the guide speaks of."),
    Form(
        "FORM_AROUND_FILTERS",
        "`max_price` and `power_groups` on stations/around: sent by the vendor's client, absent from the contract.",
        read=False,
    ),
    Form("FORM_TILE_NUMBERS", "Tile coordinates come as JSON numbers; the published contract says strings."),
    Form("FORM_TILE_ORDER", "Tile coordinates come as longitude, latitude; the published contract says the reverse."),
    Form("FORM_EVSE_STATUS", "An EVSE comes without `status`, which the published contract requires."),
    Form(
        "FORM_STOP_PROVIDER_STATUS",
        "A stop was refused with charging_provider_error under 409; the published contract says 424.",
    ),
)

_CONTRACT: Final = (
    Form("FIELD_MISSING", "A field that the published contract requires is absent"),
    Form("FIELD_NULL", "A field is null that the published contract does not let be null"),
    Form("FIELD_UNREADABLE", "A field has a value that cannot be read"),
    Form("FIELD_TYPE", "A field has another JSON type than the published contract says"),
    Form("FIELD_UNIT", "An amount comes with its unit in the same string"),
    Form("TIME_WITHOUT_ZONE", "A time comes without an offset from UTC and is taken as UTC"),
    Form("PAGE_FORM", "A list does not come as a page of count, next, previous and results"),
    Form("NEXT_LINK_SCHEME", "A page's next link has another scheme than the request; only its query was followed."),
    Form("NEXT_LINK_RELATIVE", "A page's next link is relative; the published contract says an absolute URL."),
    Form("NEXT_LINK_ASTRAY", "A page's next link leads to another place than its list; it was not followed."),
    Form("NEXT_LINK_KEY", "A page's next link carries the key in its query; it was not followed."),
    Form("NEXT_TO_PROD", "A page's next link leads to the production host; it was not followed."),
    Form("PAGING_LOOP", "The next links of a list lead in a circle."),
    Form("CONTENT_TYPE", "A JSON answer does not say that it is JSON"),
    Form("UNDOCUMENTED_STATUS", "An operation answers with a status that the published contract does not list for it"),
    Form("UNDOCUMENTED_ERROR_FORM", "An error does not have the documented form"),
    Form("UNDOCUMENTED_ERROR_TYPE", "An error has a type that the published contract does not list"),
    Form("ANSWER_UNREADABLE", "An answer could not be read"),
    Form("REDIRECT", "A request was answered with a redirect; it was not followed"),
    Form("REDIRECT_TO_PROD", "A request was redirected to the production host; it was not followed."),
)

_ENVIRONMENT: Final = (
    Form("GET_RETRIED", "A GET had to be sent again", Owner.ENVIRONMENT),
    Form("SENT_AGAIN", "A request that was turned away with 429 was sent again", Owner.ENVIRONMENT),
    Form(
        "START_ANSWER_LOST",
        "The answer to a start was lost; the session was found among the user's sessions.",
        Owner.ENVIRONMENT,
    ),
    Form(
        "STOP_ANSWER_LOST",
        "The answer to a stop was lost; the session was read and has ended.",
        Owner.ENVIRONMENT,
    ),
)

FORMS: Final = {form.code: form for form in (*_DISAGREEMENTS, *_CONTRACT, *_ENVIRONMENT)}
"""Every observation that the client can make, by its code."""


def observe(recorder: Recorder, code: str, where: str = "", *, exchanges: tuple[str, ...] | None = None) -> None:
    """Note that a form was met; `where` ends the sentence (a field, a status), so that each place is one entry."""
    form = FORMS[code]
    sentence = f"{form.sentence}: {where}." if where else form.sentence
    recorder.observe(code, sentence, owner=form.owner, exchanges=exchanges)
