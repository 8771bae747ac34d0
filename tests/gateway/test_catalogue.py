"""The errors that can be provoked: all that are documented, wherever they are, and no other."""

import re

import pytest

from golive.connect.advice import ErrorType
from golive.connect.error_table import ERROR_TABLE, STATUS_ADVICE
from golive.connect.operations import OPERATIONS
from golive.gateway import Provocation
from golive.gateway.asked import START, STOP
from golive.gateway.catalogue import CATALOGUE


def test_every_row_of_the_error_table_can_be_provoked_with_each_of_its_statuses() -> None:
    provoked = {(one.error_type, one.status) for one in CATALOGUE.values()}
    documented = {(str(row.type), status) for row in ERROR_TABLE.values() for status in row.statuses}
    assert documented <= provoked
    assert {(None, status) for status in STATUS_ADVICE} <= provoked


def test_every_row_of_the_error_table_is_met_wherever_it_is_documented() -> None:
    remove_user, remove_method = "users_destroy", "users_payment_methods_destroy"
    documented = {
        ErrorType.VALIDATION_ERROR: {name for name, operation in OPERATIONS.items() if 400 in operation.errors},
        ErrorType.PAYMENT_METHOD_ERROR: {START, remove_method},
        ErrorType.PAYMENT_ERROR: {START, remove_user, remove_method},
        ErrorType.PRE_AUTHORIZATION_FAILED: {START},
        ErrorType.ALREADY_CHARGING: {START},
        ErrorType.BILLING_DATA_REQUIRED: {START},
        ErrorType.STATION_AVAILABILITY_ISSUE: {START},
        ErrorType.CHARGING_PROVIDER_ERROR: {START, STOP},
        ErrorType.ALREADY_STOPPED: {STOP},
        ErrorType.TEMPORARY_LOCKED: {"stations_partners_list"},
        ErrorType.UNEXPECTED_ERROR: {START, STOP},
    }
    assert set(documented) == {row.type for row in ERROR_TABLE.values()}
    for type_, operations in documented.items():
        met = {name for one in CATALOGUE.values() if one.error_type == type_.value for name in one.operations}
        assert operations <= met, type_


def test_nothing_else_than_the_table_is_provoked_with_a_type() -> None:
    documented = {(str(row.type), status) for row in ERROR_TABLE.values() for status in row.statuses}
    others = {(one.error_type, one.status) for one in CATALOGUE.values() if one.error_type} - documented
    assert others == {("charging_provider_error", 409)}  # the guide's page on the stop


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=lambda one: one.name)
def test_each_is_met_on_operations_that_exist_and_has_a_sentence(one: Provocation) -> None:
    assert one.operations <= set(OPERATIONS)
    assert one.operations
    assert CATALOGUE[one.name] is one
    assert re.fullmatch("[a-z0-9-]+", one.name)
    assert one.title[0].isupper()
    assert not one.title.endswith(".")
