"""The eight virtual charging points that the environments document lists, each at a made-up place with its own tariff.

Operators, addresses and prices are invented; only the EVSE IDs and their types come from the document.
"""

from dataclasses import dataclass

from golive.simulator.atlas.stations import Evse, Operator, Station, VcpType
from golive.simulator.money.tariffs import Tariff, tariff

NORDSTROM = Operator("Nordlicht Laden", "nordlicht-laden", is_partner=True, phone="+49 30 5550100")
ISARNETZ = Operator("Isarnetz Mobil", "isarnetz-mobil", is_partner=False, phone="+49 89 5550101")
PFALZ = Operator("Pfalzwerk Charge", "pfalzwerk-charge", is_partner=True, phone="+49 621 5550102")
BADEN = Operator("Baden eMobil", "baden-emobil", is_partner=False, phone=None)
ELBE = Operator("Elbe Strom", "elbe-strom", is_partner=True, phone="+49 351 5550103")
DONAU = Operator("Donau Ladenetz", "donau-ladenetz", is_partner=True, phone="+43 1 5550104")
INNTAL = Operator("Inntal Energie", "inntal-energie", is_partner=False, phone="+43 512 5550105")
PADANA = Operator("Ricarica Padana", "ricarica-padana", is_partner=True, phone="+39 02 5550106")

OPERATORS = (NORDSTROM, ISARNETZ, PFALZ, BADEN, ELBE, DONAU, INNTAL, PADANA)

DE, AT, IT = "19", "20", "22"
"""Standard VAT, per cent."""
VAT = {"DE": DE, "AT": AT, "IT": IT}


@dataclass(frozen=True)
class Place:
    """Where one virtual charging point stands, and how it charges."""

    evse_id: str
    vcp_type: VcpType
    station: str
    operator: Operator
    address: str
    country: str
    latitude: str
    longitude: str
    connector: str
    power: int
    tariff: Tariff
    final_kwh: str
    neighbours: int = 1
    """Ordinary connectors beside it."""
    amenities: tuple[str, ...] = ()


PLACES = (
    Place(
        "DE*CIQ*EWBNHHLM82TLA*1",
        VcpType.SHARED,
        "Nordlicht Ladepark Moabit",
        NORDSTROM,
        "Lindenhof 12, 10551 Berlin",
        "DE",
        "52.530120",
        "13.342870",
        "IEC_62196_T2",
        22,
        tariff(DE, kwh="0.49"),
        "7.250",
        amenities=("CAFE", "SUPERMARKET", "WIFI"),
    ),
    Place(
        "IT*PWY*EP0078*01*02",
        VcpType.SHARED,
        "Ricarica Padana Porta Nord",
        PADANA,
        "Via dei Tigli 8, 20124 Milano",
        "IT",
        "45.484510",
        "9.204330",
        "IEC_62196_T2",
        22,
        tariff(IT, kwh="0.65", session_fee="0.35", pre_authorization="60.00"),
        "9.400",
        amenities=("MALL", "TRAIN_STATION"),
    ),
    Place(
        "DEQRMEF7GRC21",
        VcpType.SHARED,
        "Isarnetz Parkhaus Au",
        ISARNETZ,
        "Mühlbachgasse 3, 81541 München",
        "DE",
        "48.121450",
        "11.586230",
        "IEC_62196_T2",
        11,
        tariff(DE, kwh="0.42", minute="0.05"),
        "4.180",
        amenities=("HOTEL",),
    ),
    Place(
        "AT*VIE*E2334770022*2",
        VcpType.SHARED,
        "Donau Ladenetz Uferpark",
        DONAU,
        "Uferweg 21, 1020 Wien",
        "AT",
        "48.219870",
        "16.398140",
        "IEC_62196_T2",
        22,
        tariff(AT, kwh="0.59", weekend_kwh="0.45", starting_fee="0.59"),
        "6.125",
        amenities=("RECREATION_AREA",),
    ),
    Place(
        "DE*PWA*EALP22541X01617*01",
        VcpType.PROGRESS,
        "Pfalzwerk Schnellladehub Süd",
        PFALZ,
        "Am Rebhang 5, 67059 Ludwigshafen",
        "DE",
        "49.478120",
        "8.440170",
        "IEC_62196_T2_COMBO",
        150,
        tariff(DE, kwh_net="0.453"),
        "10.000",
        neighbours=3,
        amenities=("RESTAURANT", "FUEL_STATION"),
    ),
    Place(
        "DE*2GO*EMCD1520*1B*3",
        VcpType.PROGRESS,
        "Baden eMobil Schlossgarten",
        BADEN,
        "Fächerstraße 40, 76131 Karlsruhe",
        "DE",
        "49.013680",
        "8.404920",
        "IEC_62196_T2_COMBO",
        75,
        tariff(DE, kwh="0.61", starting_fee="0.99", pre_authorization="55.00"),
        "18.360",
        neighbours=2,
        amenities=("MUSEUM", "BUS_STOP"),
    ),
    Place(
        "DE*EUL*EAUT0002*01",
        VcpType.PROGRESS,
        "Elbe Strom Altmarkt",
        ELBE,
        "Brückenweg 2, 01067 Dresden",
        "DE",
        "51.050890",
        "13.733570",
        "IEC_62196_T2",
        22,
        tariff(DE, kwh="0.39", session_fee="0.25", starting_fee="0.59"),
        "5.555",
        amenities=("MUSEUM", "RESTAURANT"),
    ),
    Place(
        "AT*HTB*EOCPI1*1",
        VcpType.PROGRESS,
        "Inntal Energie Bergbahn",
        INNTAL,
        "Talstationsweg 1, 6020 Innsbruck",
        "AT",
        "47.268430",
        "11.393920",
        "IEC_62196_T2_COMBO",
        50,
        tariff(
            AT,
            kwh="0.57",
            starting_fee="0.35",
            blocking_minute="0.10",
            grace_minutes=240,
            blocking_cap="12.00",
        ),
        "14.700",
        neighbours=2,
        amenities=("SPORT", "NATURE"),
    ),
)


def _neighbour_ids(place: Place) -> list[str]:
    return [f"{place.country}*SIM*E{90000 + i}*{PLACES.index(place) + 1}" for i in range(place.neighbours)]


def virtual_station(place: Place, station_id: str) -> Station:
    """The station around one virtual charging point."""
    vcp = Evse(
        place.evse_id,
        place.connector,
        place.power,
        place.tariff,
        vcp_type=place.vcp_type,
        final_kwh=place.final_kwh,
    )
    plain = tariff(VAT[place.country], kwh="0.55")
    beside = [Evse(evse_id, "IEC_62196_T2", 22, plain) for evse_id in _neighbour_ids(place)]
    return Station(
        id=station_id,
        name=place.station,
        operator=place.operator,
        address=place.address,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        evses=(vcp, *beside),
        amenities=place.amenities,
    )
