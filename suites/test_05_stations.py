"""Stations: each listed EVSE is discovered in every way a driver's app can. Status values decide nothing."""

from fixtures.marks import each_vcp, requirement
from fixtures.surveying import Survey
from golive.connect import ConnectClient
from golive.evidence.model import Stage
from golive.journeys.vcp import Vcp


@requirement("DEV-STATIONS", stage=Stage.LOCATED)
@each_vcp
def test_a_listed_evse_is_found_by_its_id(survey: Survey, vcp: Vcp) -> None:
    """Each listed EVSE ID leads to a station that has this EVSE."""
    station = survey.by_evse_id(vcp)
    assert station.find_evse(vcp.evse_id) is not None, f"the station does not list {vcp}"
    assert station.name, "the station has no name"
    assert station.address, "the station has no address"


@requirement("DEV-STATIONS")
@each_vcp
def test_an_evse_id_without_separators_is_the_same_evse(survey: Survey, vcp: Vcp) -> None:
    """The EVSE ID written without separators is either unknown or the same EVSE, never another one."""
    station = survey.by_bare_evse_id(vcp)
    assert station is None or station.find_evse(vcp.evse_id) is not None, f"it leads to {station.name}"


@requirement("DEV-STATIONS", stage=Stage.LOCATED)
@each_vcp
def test_the_station_is_found_by_its_own_id(survey: Survey, vcp: Vcp) -> None:
    """The station id that the EVSE ID led to leads to the same station."""
    station = survey.station(vcp)
    again = survey.by_station_id(vcp)
    assert again.id == station.id, f"the id leads to {again.name}"
    assert again.name == station.name, f"the name is {again.name!r} by the station's id, {station.name!r} by the EVSE's"
    assert again.find_evse(vcp.evse_id) is not None, f"the station does not list {vcp}"


@requirement("DEV-STATIONS", stage=Stage.LOCATED)
@each_vcp
def test_the_station_is_found_around_its_coordinates(survey: Survey, vcp: Vcp) -> None:
    """A search around the station's coordinates finds the station exactly once."""
    station = survey.station(vcp)
    found = [near for near in survey.around(vcp) if near.find_evse(vcp.evse_id) is not None]
    assert len(found) == 1, f"found {len(found)} times"
    assert found[0].name == station.name, f"the search shows the name {found[0].name!r}"


@requirement("DEV-STATIONS")
@each_vcp
def test_prices_are_advertised(survey: Survey, vcp: Vcp) -> None:
    """The station advertises an operator, and for the EVSE prices, a currency and a pre-authorization amount."""
    station = survey.station(vcp)
    group = station.price_group_of(vcp.evse_id)
    assert station.operator is not None, "the station has no operator"
    assert station.operator.name, "the operator has no name"
    assert group is not None, f"no price group names {vcp}"
    assert len(group.currency or "") == 3, f"the currency is {group.currency!r}"
    assert group.pre_authorization_amount is not None, "there is no pre-authorization amount"
    assert group.pre_authorization_amount >= 0, f"the pre-authorization amount is {group.pre_authorization_amount}"
    assert group.prices is not None, "the price group has no prices"


@requirement("DEV-STATIONS")
def test_a_search_keeps_to_its_radius(survey: Survey) -> None:
    """Stations found around a point lie within the radius, and a wider search finds no other ones there."""
    near, far = survey.within(survey.narrow_m), survey.within(survey.wide_m)
    assert near, "nothing was found around a listed station"
    assert all(distance <= survey.tolerated(survey.narrow_m) for distance in survey.distances(near)), "one is too far"
    assert all(distance <= survey.tolerated(survey.wide_m) for distance in survey.distances(far)), "one is too far"
    assert {station.id for station in near} <= {station.id for station in far}, "the wider search loses a station"
    expected = {station.id for station in survey.well_within(survey.narrow_m, far)}
    assert expected <= {station.id for station in near}, "the narrow search leaves out a station"


@requirement("DEV-STATIONS")
def test_paging_through_a_search_shows_each_station_once(survey: Survey) -> None:
    """A search that is read a few stations at a time holds the same stations as the one read at once."""
    at_once = [station.id for station in survey.within(survey.wide_m)]
    paged = [station.id for station in survey.within(survey.wide_m, page_size=survey.page_size_for(len(at_once)))]
    assert sorted(paged, key=str) == sorted(at_once, key=str), "the pages hold other stations than the whole"


@requirement("DEV-STATIONS")
def test_partners_are_listed(connect: ConnectClient) -> None:
    """The list of partner operators can be read, and each has a name."""
    partners = connect.list_partners()
    assert all(partner.name for partner in partners), "a partner has no name"
    assert len({partner.name for partner in partners}) == len(partners), "a partner is listed twice"


@requirement("DEV-STATIONS")
@each_vcp
def test_the_station_is_on_its_map_tile(survey: Survey, vcp: Vcp) -> None:
    """The map tile at the station's coordinates shows the station, alone or in a cluster."""
    station = survey.station(vcp)
    tile = survey.tile_of(vcp)
    assert tile.shows(station), f"the tile shows {len(tile.features)} features, but not this station"
