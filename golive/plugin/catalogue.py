"""What the engine has to be told of the suites that it runs, and the hook that asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from golive.evidence.checklist import REQUIREMENTS, Requirement
from golive.journeys.driver import Card, Persona
from golive.journeys.vcp import Vcp


@dataclass(frozen=True)
class Catalogue:
    """The data of the suites: listed VCPs, personas, cards, and reasons why an error is not provoked.

    `refused_starts` maps the name of a start that must be refused to its persona (None: no billing data) and card;
    `sources` are the top-level directories whose files make up the suite, for the digest in the evidence.
    """

    vcps: tuple[Vcp, ...]
    personas: Mapping[str, Persona]
    cards: Mapping[str, Card]
    refused_starts: Mapping[str, tuple[str | None, str]]
    unprovoked: Mapping[str, str]
    sources: tuple[str, ...]
    register: tuple[Requirement, ...] = field(default=REQUIREMENTS)


class Hooks:
    """Hooks of this plugin."""

    @pytest.hookspec(firstresult=True)
    def pytest_golive_catalogue(self) -> Catalogue | None:
        """Answered by the root conftest."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(Hooks)
