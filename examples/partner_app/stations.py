"""Stations as the page shows them. What DEV says of a connector's status is shown and decides nothing: a start is
always offered, and its answer tells."""

from datetime import datetime

from examples.partner_app.connect import Connect, Json


class Stations:
    def __init__(self, connect: Connect) -> None:
        self.connect = connect

    async def around(self, latitude: float, longitude: float) -> list[Json]:
        return [shown(station) for station in await self.connect.stations_around(latitude, longitude)]

    async def of(self, evse_id: str) -> Json:
        """Raises `ConnectError`, 404 for a number that is nowhere."""
        return shown(await self.connect.station_of(evse_id))


def shown(station: Json) -> Json:
    prices = {evse_id: _price(group) for group in station.get("price_groups") or [] for evse_id in group["evse_ids"]}
    return {
        "name": station.get("name") or "Charging station",
        "address": station.get("address") or "",
        "connectors": [
            {
                "evse_id": evse["evse_id"],
                "free": evse.get("status") == "AVAILABLE",
                "price": prices.get(evse["evse_id"]),
            }
            for evse in station.get("evses") or []
        ],
    }


def _price(group: Json) -> str | None:
    """Today's price for a kWh, with VAT: money stays text, since a float would not be the price."""
    try:
        today = datetime.fromisoformat(group["local_datetime"]).strftime("%A").upper()
        price = group["prices"]["kwh_price"][today][0]["user_facing_price"]
    except (KeyError, IndexError, TypeError, ValueError):  # some stations have no price for a kWh, some none at all
        return None
    return f"{price} {group.get('currency') or ''} per kWh"
