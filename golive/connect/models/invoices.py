"""An invoice: it follows a CDR and names its session."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from golive.connect.models.base import ApiModel


class Invoice(ApiModel):
    """`total` in `currency`; `charging_session_id` may be absent on invoices that are for no session."""

    spec_required: ClassVar = frozenset({"currency", "date", "link", "refund", "total"})
    spec_nullable: ClassVar = frozenset({"charging_session_id"})
    essential: ClassVar = frozenset[str]()

    link: str | None = None
    total: Decimal | None = None
    date: datetime | None = None
    refund: bool | None = None
    charging_session_id: str | None = None
    currency: str | None = None
