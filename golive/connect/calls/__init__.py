"""The operations, a group to a file, in the order in which a driver meets them."""

from golive.connect.calls.charging import ChargingCalls
from golive.connect.calls.payments import PaymentCalls
from golive.connect.calls.stations import StationCalls
from golive.connect.calls.users import UserCalls

__all__ = ["ChargingCalls", "PaymentCalls", "StationCalls", "UserCalls"]
