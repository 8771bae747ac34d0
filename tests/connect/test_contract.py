"""Operations and models say what the published OpenAPI says; skipped where that is not at hand."""

from pathlib import Path
from typing import Any

import pytest

from golive.connect import ERROR_TABLE, OPERATIONS, ErrorType, models
from golive.connect.models import ApiModel
from golive.connect.operations import API_PREFIX

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

SPEC = Path(__file__).parents[3] / "shared" / "api" / "connect-openapi.yml"
if not SPEC.is_file():
    pytest.skip("the published OpenAPI is not at hand", allow_module_level=True)

CONTRACT: dict[str, Any] = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]

PAIRS: list[tuple[type[ApiModel], str]] = [
    (models.User, "ConnectAPIUser"),
    (models.CustomProperties, "ConnectAPIUserCustomProperties"),
    (models.BillingDetails, "ConnectAPIBillingDetails"),
    (models.PaymentMethod, "ConnectAPIPM"),
    (models.Card, "ConnectAPICardPM"),
    (models.Debt, "ConnectAPIDebt"),
    (models.Session, "ConnectAPIChargingSession"),
    (models.SessionPrices, "ConnectAPIUserFacingSessionPrices"),
    (models.SessionCost, "ConnectAPIPAYGSummary"),
    (models.StationInfo, "StationInfo"),
    (models.Invoice, "ConnectAPIInvoiceList"),
    (models.Station, "ConnectAPIStation"),
    (models.Evse, "ConnectAPIEvse"),
    (models.Coordinates, "Coordinates"),
    (models.OpeningTimes, "ConnectAPIOpeningTimes"),
    (models.RegularHours, "ConnectAPIRegularHours"),
    (models.Operator, "OCPIOperatorInfo"),
    (models.Contact, "Contact"),
    (models.PriceGroup, "ConnectAPIPriceGroup"),
    (models.Prices, "ConnectAPIPrices"),
    (models.PriceItem, "TimePriceItem"),
    (models.Partner, "ConnectAPIPartnerFilterOperator"),
    (models.Tile, "ConnectAPITileResponse"),
    (models.TileFeature, "TilesFeatureCollection"),
    (models.TileProperties, "TilesProperty"),
    (models.TilePrice, "TilesPriceProperties"),
    (models.Geometry, "TilesGeometryPoint"),
]
OURS = {
    models.User: {"external_id"},  # read from either place
    models.Session: {"recovered"},
    models.TileFeature: {"latitude", "longitude"},
}
"""Fields of a model that the contract does not have."""


@pytest.mark.parametrize(("model", "schema"), PAIRS, ids=[schema for _, schema in PAIRS])
def test_a_model_has_the_fields_of_its_schema(model: type[ApiModel], schema: str) -> None:
    published = SCHEMAS[schema]
    ours = OURS.get(model, set())
    properties = published["properties"]
    nullable = {
        name
        for name, field in properties.items()
        if field.get("nullable") or field.get("allOf", [{}])[0].get("nullable")
    }
    numbers = {name for name, field in properties.items() if field.get("type") == "number"}
    assert set(model.model_fields) - ours == set(properties)
    assert model.spec_required == set(published.get("required", ()))
    assert set(model.spec_nullable) - ours == nullable
    assert model.spec_numbers == numbers


def test_the_setup_intent_is_the_exception_that_is_renamed() -> None:
    assert set(SCHEMAS["ConnectAPISetupIntent"]["properties"]) == {"setup_intent_client_secret"}


def test_the_table_of_operations_is_that_of_the_contract() -> None:
    published = {
        operation["operationId"]: (
            method.upper(),
            path.removeprefix(API_PREFIX),
            sorted(int(status) for status in operation["responses"]),
        )
        for path, methods in CONTRACT["paths"].items()
        for method, operation in methods.items()
    }
    ours = {o.name: (o.method, o.path, sorted((o.success, *o.errors))) for o in OPERATIONS.values()}
    assert ours == published


def test_the_error_types_are_those_of_the_contract() -> None:
    assert set(ErrorType) == set(SCHEMAS["ErrorTypeEnum"]["enum"]) == set(ERROR_TABLE)
