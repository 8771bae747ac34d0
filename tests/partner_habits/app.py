"""The example app with a bad habit, as `--integration` names it: tests.partner_habits.app:busy_station_told_raw."""

from collections.abc import Callable, Mapping

from examples.partner_app.adapter import PartnerApp
from examples.partner_app.backend import PAGE
from tests.partner_habits.register import load


def __getattr__(name: str) -> Callable[[str, Mapping[str, str]], PartnerApp]:
    habit = load().get(name.replace("_", "-"))
    if habit is None or habit.page is not None:  # the page itself is not changed
        raise AttributeError(name)

    def make(base_url: str, environment: Mapping[str, str]) -> PartnerApp:
        return PartnerApp(base_url, habit.parts(PAGE), environment=environment)

    return make
