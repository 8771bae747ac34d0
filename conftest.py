"""Wires the suites to the engine: this is the only place that knows of both."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from golive.plugin.catalogue import Catalogue

pytest_plugins = [
    "golive.plugin.catalogue",
    "golive.plugin.options",
    "golive.plugin.selection",
    "golive.plugin.lifecycle",
    "golive.plugin.outcomes",
    "golive.plugin.log_html",
    "golive.plugin.allure_results",
    "golive.plugin.bundling",
    "fixtures.connecting",
    "fixtures.people",
    "fixtures.wallets",
    "fixtures.surveying",
    "fixtures.charging",
    "fixtures.arithmetic",
    "fixtures.fuzzing",
    "fixtures.integration",
]


def pytest_golive_catalogue() -> "Catalogue":
    """What the engine has to be told of these suites."""
    # Imported late: pytest rewrites the assertions of the modules above when it loads them itself.
    from fixtures.catalogue import CARDS, LISTED_VCPS, PERSONAS, UNPROVOKED
    from fixtures.charging import REFUSED_STARTS
    from golive.plugin.catalogue import Catalogue

    return Catalogue(
        vcps=LISTED_VCPS,
        personas=PERSONAS,
        cards=CARDS,
        refused_starts=REFUSED_STARTS,
        unprovoked=UNPROVOKED,
        sources=("suites", "fixtures", "golive"),
    )
