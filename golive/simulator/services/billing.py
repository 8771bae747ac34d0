"""Billing details, and whether they suffice for a start."""

from dataclasses import asdict

from golive.simulator.services.base import Json, Service
from golive.simulator.state.entities import BillingDetails, User

_ITALY = {"it", "ita", "italy", "italia", "italien"}


class Billing(Service):
    """A PUT replaces everything and asks for `line1` and `postal_code`; the rest is judged at the start of a session
    (409 billing_data_required), since what is needed depends on the customer's and the station's country.
    """

    def put(self, user: User, details: BillingDetails) -> None:
        user.billing = details

    def missing(self, user: User, station_country: str) -> list[str]:
        """The fields that a start on a station in that country still needs, in a fixed order.

        Customers from Italy: names and `tax_id`, or company name and `vat_id`, and the full address, wherever they
        charge. Other customers: the address; on a station in Italy also their names (guide, country-specific billing).
        """
        details = user.billing
        needed = ["line1", "postal_code"]
        if self.from_italy(details):
            needed += ["city", *self.italian_identity(details)]
        elif station_country == "IT":
            needed += ["city", "country", *self.foreign_identity(details)]
        return [name for name in needed if not getattr(details, name)]

    def from_italy(self, details: BillingDetails) -> bool:
        return (details.country or "").strip().casefold() in _ITALY

    def italian_identity(self, details: BillingDetails) -> list[str]:
        if details.account_type == "business":
            return ["company_name", "vat_id"]
        return ["first_name", "last_name", "tax_id"]

    def foreign_identity(self, details: BillingDetails) -> list[str]:
        """A business from elsewhere is known by its name or by a person's; company name and VAT id are optional."""
        if details.account_type == "business" and details.company_name:
            return []
        return ["first_name", "last_name"]

    def render(self, details: BillingDetails) -> Json:
        return asdict(details)
