"""A test user and the billing data that a start may need."""

from typing import Any, ClassVar, Self

from golive.connect.models.base import ApiModel, Note


class CustomProperties(ApiModel):
    """What the partner keeps with a user: `external_id`, at most 250 characters."""

    spec_nullable: ClassVar = frozenset({"external_id"})

    external_id: str | None = None


class User(ApiModel):
    """A user of the partner. `external_id` is read from either documented place."""

    spec_required: ClassVar = frozenset({"id"})
    spec_nullable: ClassVar = frozenset({"email", "custom_properties", "external_id"})

    id: str
    email: str | None = None
    locale: str | None = None
    custom_properties: CustomProperties | None = None
    external_id: str | None = None

    @classmethod
    def tidy(cls, data: dict[str, Any], note: Note) -> dict[str, Any]:
        kept, guide = data.get("custom_properties"), data.get("external_id")
        if guide is not None:
            note("FORM_EXTERNAL_ID", "")
        if isinstance(guide, dict):
            guide = guide.get("external_id")
        spec = kept.get("external_id") if isinstance(kept, dict) else None
        data["external_id"] = guide if spec is None else spec
        return data


class BillingDetails(ApiModel):
    """Billing data: `account_type` is personal or business, `country` ISO 3166 in either case, `vat_id` as sent."""

    spec_required: ClassVar = frozenset({"line1", "postal_code"})
    spec_nullable: ClassVar = frozenset(
        {"country", "city", "tax_id", "company_name", "vat_id", "first_name", "last_name"}
    )

    account_type: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company_name: str | None = None
    line1: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    tax_id: str | None = None
    vat_id: str | None = None

    @classmethod
    def tidy(cls, data: dict[str, Any], note: Note) -> dict[str, Any]:
        if "vat_number" in data:
            note("FORM_VAT_FIELD", "")
            if data.get("vat_id") is None:
                data["vat_id"] = data["vat_number"]
        return data

    def to_wire(self) -> dict[str, Any]:
        """The body of a PUT: what is set, under the names of the published contract."""
        return self.model_dump(mode="json", exclude_none=True)

    def but(self, **changes: str | None) -> Self:
        """The same with some fields changed; None takes one away."""
        return self.model_copy(update=changes)
