"""How refusals look on the wire."""

from golive.simulator.faults import ErrorType, Fault, Problem
from golive.simulator.services.base import Json, Service


class Envelope(Service):
    """`{"detail"}` for refusals, `{"detail", "error"}` for problems."""

    def render(self, fault: Fault) -> Json:
        if isinstance(fault, Problem):
            return {"detail": self.detail(fault), "error": self.error(fault)}
        return {"detail": fault.detail}

    def detail(self, problem: Problem) -> str:
        return problem.detail

    def error(self, problem: Problem) -> Json:
        error: Json = {"type": str(problem.error_type), "details": problem.details}
        if problem.payment_intent_client_secret is not None:
            error["payment_intent_client_secret"] = problem.payment_intent_client_secret
        return error

    def unexpected(self, support_code: str) -> Problem:
        """What a fault of the simulator itself is answered with."""
        return Problem(500, ErrorType.UNEXPECTED, f"Unexpected error. Support code: {support_code}")
