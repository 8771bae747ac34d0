"""Users and their billing data."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, Final, Literal

from golive.connect.caller import Caller, query
from golive.connect.models import BillingDetails, User


class _Unset(Enum):
    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = _Unset.UNSET
"""An argument that was not given, where None means "take the value away"."""

Optional_ = str | None | Literal[_Unset.UNSET]


class UserCalls(Caller):
    """All raise ApiError by its type, Unreadable and Unreachable (golive.connect.errors)."""

    def create_user(
        self, *, email: str | None = None, locale: str | None = None, external_id: str | None = None
    ) -> User:
        """Create a user; what is None is not sent. `locale`: en or de; `external_id`: at most 250 characters."""
        body: dict[str, Any] = {"email": email, "locale": locale}
        body = {name: value for name, value in body.items() if value is not None}
        if external_id is not None:
            body["custom_properties"] = {"external_id": external_id}
        return self._one("users_create", User, self._call("users_create", json=body))

    def list_users(self, *, search: str | None = None, page_size: int | None = None) -> Iterator[User]:
        """The users, all or those found by id or external id."""
        return self._items("users_list", User, {}, query(search=search, page_size=page_size))

    def get_user(self, user_id: str) -> User:
        """Read a user; NotFound also for one that was deleted."""
        return self._one("users_retrieve", User, self._call("users_retrieve", {"user_id": user_id}))

    def update_user(
        self,
        user_id: str,
        *,
        email: Optional_ = UNSET,
        locale: Optional_ = UNSET,
        external_id: Optional_ = UNSET,
    ) -> User:
        """Change what is given; None takes a value away."""
        body: dict[str, Any] = {"email": email, "locale": locale}
        body = {name: value for name, value in body.items() if value is not UNSET}
        if external_id is not UNSET:
            body["custom_properties"] = {"external_id": external_id}
        name = "users_partial_update"
        return self._one(name, User, self._call(name, {"user_id": user_id}, json=body))

    def delete_user(self, user_id: str) -> None:
        """Delete a user softly; PaymentError while something is owed."""
        self._call("users_destroy", {"user_id": user_id})

    def get_billing(self, user_id: str) -> BillingDetails:
        """Read the billing data."""
        name = "users_billing_details_retrieve"
        return self._one(name, BillingDetails, self._call(name, {"user_id": user_id}))

    def put_billing(self, user_id: str, details: BillingDetails) -> BillingDetails:
        """Replace the billing data; what is None is not sent."""
        name = "users_billing_details_update"
        return self._one(name, BillingDetails, self._call(name, {"user_id": user_id}, json=details.to_wire()))
