"""What a partner writes so that their own integration can be driven: a class of about 50 lines.

    class OurApp:
        def __init__(self, base_url: str) -> None: ...      # start the backend with this base of the Connect API
        def sign_up(self, driver: str) -> None: ...
        def start(self, driver: str, evse_id: str) -> None: ...
        ...

    def make(base_url: str) -> OurApp:
        return OurApp(base_url)

and names it: `--integration our_package.our_module:make`. A factory that takes a second argument gets a mapping with
what a backend needs for the target of the run: CONNECT_API_KEY, STRIPE_PUBLISHABLE_KEY, STRIPE_API_BASE and
POLL_INTERVAL_S, so that a rehearsal can be driven too. Every method may be missing; what is not offered is
reported as not shown, never as met. The methods do what the driver would do in the app, through the partner's own
backend; they never call the Connect API themselves. A driver is a name that the suite chooses, such as
`18174f-c8 DE*CIQ*EWBNHHLM82TLA*1` or `18174f-c8 provoked 12`, others in each run: where your sign-up takes no blanks or
asterisks, or asks for an e-mail address, make one of it. Each driver's methods are called one after the other, those of
up to ten drivers at once. Nothing here is imported from the rest of the suite, so that an adapter needs this file only.
"""

from dataclasses import dataclass
from typing import Protocol


class AppError(Exception):
    """The app showed the driver an error. The message is what was shown, word for word.

    Anything else that an adapter raises is taken for a fault of the adapter, never for an error shown to a driver.
    """


@dataclass(frozen=True)
class Shown:
    """What the driver sees of the charge at this moment; None where the app shows nothing of the kind."""

    state: str | None = None
    """In the app's own words, such as `Charging` or `Finished`."""
    kwh: str | None = None
    """The energy as it is shown, such as `4.2 kWh` or `4,2`."""
    message: str | None = None
    """An error or a hint, word for word."""


class Adapter(Protocol):
    """A driver's acts in the partner's app. Each may raise `AppError`; each returns when the app has answered."""

    def sign_up(self, driver: str) -> None:
        """A driver of this name has an account from now on. Called again for the same driver, it is a second sign-up
        or a log-in: there is still one account, and one Connect user behind it."""
        ...

    def add_payment_method(self, driver: str, payment_method: str) -> None:
        """The driver adds a card. `payment_method` is a Stripe test payment method such as `pm_card_visa`, to be
        confirmed with the publishable key as the app's page does. Returns when the app lists the card."""
        ...

    def give_billing_data(self, driver: str) -> None:
        """The driver fills in the billing form with whatever a complete address is to the app."""
        ...

    def find_station(self, driver: str, evse_id: str) -> str:
        """The driver looks for the station of this EVSE ID. Returns the station's name as it is shown."""
        ...

    def start(self, driver: str, evse_id: str) -> None:
        """The driver starts a charge there, with the card added last. May take as long as the app lets a driver wait
        (a start on DEV takes many seconds); returns when the app says that the charge began."""
        ...

    def shown(self, driver: str) -> Shown:
        """What the driver sees now of the newest charge. Asked every few seconds; must not wait."""
        ...

    def stop(self, driver: str) -> None:
        """The driver stops the charge. Returns when the app has taken note; the receipt comes later."""
        ...

    def receipt(self, driver: str) -> str | None:
        """The text of the newest charge's receipt, None while the app has none. Asked every few seconds."""
        ...

    def log_line(self, support_code: str) -> str | None:
        """The line in the backend's log that has this support code (from `error.details` of a 500), None where there
        is none. What the suite is given is redacted before it is stored."""
        ...

    def close(self) -> None:
        """Stops what `make` started. Called once, also after a failure."""
        ...
