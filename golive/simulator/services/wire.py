"""What all answers of the Connect API have in common on the wire."""

from datetime import datetime

from golive.simulator.services.base import Service


class Wire(Service):
    def timestamp(self, instant: datetime) -> str:
        """ISO 8601 in UTC with microseconds."""
        return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def body(self, content: object) -> object:
        """The last look at an answer, refusals included, before it is written as JSON."""
        return content
