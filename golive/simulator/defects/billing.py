"""What DEV can do wrong with billing details: lose or change them, take incomplete ones, make some up."""

from __future__ import annotations

from dataclasses import replace

from golive.simulator.defects import defect
from golive.simulator.faults import ErrorType, Fault, Invalid, NotFound, Problem
from golive.simulator.services.base import Json
from golive.simulator.services.billing import Billing
from golive.simulator.services.envelope import Envelope
from golive.simulator.state.entities import BillingDetails, User
from golive.simulator.web.fields import BodyReader
from golive.simulator.web.forms import Forms

# -- kept ------------------------------------------------------------------------------------------------------


@defect("tax-id-dropped", "billing")
class DropsTaxId(Billing):
    """The tax id of a private customer is accepted and not kept."""

    def put(self, user: User, details: BillingDetails) -> None:
        super().put(user, replace(details, tax_id=None))


@defect("vat-id-lost", "billing")
class LosesVatId(Billing):
    """The VAT id of a business is shown in the answer to the PUT and gone when the details are read."""

    _just_put: BillingDetails | None = None

    def put(self, user: User, details: BillingDetails) -> None:
        super().put(user, details)
        self._just_put = details

    def render(self, details: BillingDetails) -> Json:
        shown, self._just_put = self._just_put, None
        return {**super().render(details), **({} if details is shown else {"vat_id": None})}


@defect("vat-id-without-its-country", "billing")
class CutsVatId(Billing):
    """A VAT id is kept without the two letters of its country."""

    def put(self, user: User, details: BillingDetails) -> None:
        super().put(user, replace(details, vat_id=(details.vat_id or "")[2:] or None))


@defect("country-becomes-germany", "billing")
class EverybodyIsGerman(Billing):
    """The country of every customer is shown as Germany."""

    def render(self, details: BillingDetails) -> Json:
        return {**super().render(details), "country": details.country and "DE"}


@defect("business-kept-as-personal", "billing")
class NobodyIsABusiness(Billing):
    """A business customer's details are kept as those of a private one."""

    def put(self, user: User, details: BillingDetails) -> None:
        super().put(user, replace(details, account_type="personal"))


@defect("billing-kept-only-once", "billing")
class KeptOnce(Billing):
    """Billing details can be given once: a later change is accepted and not kept."""

    def put(self, user: User, details: BillingDetails) -> None:
        if not user.billing.line1:
            super().put(user, details)


@defect("billing-change-keeps-old-fields", "billing")
class Merges(Billing):
    """New billing details leave standing what the old ones had and they have not."""

    def put(self, user: User, details: BillingDetails) -> None:
        given = {name: value for name, value in vars(details).items() if value}
        super().put(user, replace(user.billing, **given))


@defect("postal-code-loses-its-zeros", "billing")
class NumericPostalCode(Billing):
    """A postal code is kept as a number: zeros at its beginning are lost."""

    def put(self, user: User, details: BillingDetails) -> None:
        super().put(user, replace(details, postal_code=details.postal_code.lstrip("0")))


# -- of a new user ---------------------------------------------------------------------------------------------


@defect("new-user-has-an-address", "billing")
class SomebodysAddress(Billing):
    """The billing details of a new user show an address that nobody gave."""

    def render(self, details: BillingDetails) -> Json:
        if not details.line1:
            details = replace(details, line1="Fremde Gasse 5", postal_code="10999", city="Berlin")
        return super().render(details)


@defect("billing-of-a-new-user-not-found", "billing")
class NoDetailsYet(Billing):
    """The billing details of a user who has none yet are answered with 404."""

    def render(self, details: BillingDetails) -> Json:
        if not details.line1:
            raise NotFound
        return super().render(details)


# -- incomplete ------------------------------------------------------------------------------------------------


@defect("missing-line1-accepted", "billing")
class NoStreet(Forms):
    """Billing details without `line1` are accepted."""

    def line1(self, body: BodyReader) -> str:
        return body.text("line1") or ""


@defect("missing-postal-code-answered-422", "billing")
class Unprocessable(Forms):
    """Billing details without `postal_code` are refused with 422 in place of 400."""

    def postal_code(self, body: BodyReader) -> str:
        if not body.has("postal_code"):
            raise Problem(422, ErrorType.VALIDATION, "postal_code: This field is required.")
        return super().postal_code(body)


@defect("incomplete-billing-refused-without-a-word", "billing")
class Wordless(Envelope):
    """Billing details without `line1` are refused with an empty object."""

    def render(self, fault: Fault) -> Json:
        return {} if isinstance(fault, Invalid) and fault.details.startswith("line1: ") else super().render(fault)
