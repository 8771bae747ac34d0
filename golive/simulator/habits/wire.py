"""What all answers have in common: times, amounts, further fields, and the form of refusals."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from golive.simulator.faults import Fault, Problem
from golive.simulator.habits import habit
from golive.simulator.habits.reshape import MONEY, SESSION_PRICES, reshaped, widened
from golive.simulator.services.base import Json
from golive.simulator.services.envelope import Envelope
from golive.simulator.services.wire import Wire

_EAST = timezone(timedelta(hours=2))


@habit("times-with-offset", "transport")
class TimesWithOffset(Wire):
    """Times come with an offset of two hours from UTC."""

    def timestamp(self, instant: datetime) -> str:
        return instant.astimezone(_EAST).isoformat()


@habit("times-in-seconds", "transport")
class TimesInSeconds(Wire):
    """Times come to the second."""

    def timestamp(self, instant: datetime) -> str:
        return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@habit("times-without-zone", "transport")
class TimesWithoutZone(Wire):
    """Times come in UTC without saying so."""

    def timestamp(self, instant: datetime) -> str:
        return instant.astimezone(UTC).replace(tzinfo=None).isoformat()


@habit("unknown-fields-everywhere", "transport")
class UnknownFieldsEverywhere(Wire):
    """Every object of every answer, refusals too, has fields that no document speaks of."""

    def body(self, content: object) -> object:
        extra: Json = {"x_unheard_of": {"since": "2026", "list": [1, None, "ü"]}, "recovered": True, "stopped": None}
        return widened(super().body(content), extra)


class Amounts(Wire):
    """Amounts of money in their shortest notation."""

    def body(self, content: object) -> object:
        def change(name: str, value: object) -> object:
            is_amount = name in MONEY or name in SESSION_PRICES
            return self.written(Decimal(value)) if is_amount and isinstance(value, str) else value

        return reshaped(super().body(content), change)

    def written(self, amount: Decimal) -> str:
        return f"{amount.normalize():f}"


@habit("amounts-with-four-decimals", "transport")
class AmountsWithFourDecimals(Amounts):
    """Amounts of money come with four decimals."""

    def written(self, amount: Decimal) -> str:
        return f"{amount:.4f}"


@habit("amounts-without-needless-zeros", "transport")
class AmountsWithoutNeedlessZeros(Amounts):
    """Amounts of money and energy come without zeros at their end, whole ones without a point."""

    def body(self, content: object) -> object:
        def change(name: str, value: object) -> object:
            is_energy = name == "consumed_energy" and isinstance(value, str)
            return self.written(Decimal(str(value))) if is_energy else value

        return reshaped(super().body(content), change)


@habit("errors-with-further-fields", "errors")
class ErrorsWithFurtherFields(Envelope):
    """Refusals have a code and a request id beside what is documented."""

    def render(self, fault: Fault) -> Json:
        return super().render(fault) | {
            "code": fault.status * 100,
            "request_id": "0c4f3b0e-6a58-4f6d-9a53-6a2d4f3b8c11",
        }

    def error(self, problem: Problem) -> Json:
        return super().error(problem) | {"retryable": False, "fields": {"evse_id": ["?"]}}
