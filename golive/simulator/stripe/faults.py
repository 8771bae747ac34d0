"""The card processor's refusals, in its wire form."""

from golive.simulator.services.base import Json


class StripeFault(Exception):  # noqa: N818 - an answer, not an error of the program
    """An error object of the card processor."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        error_type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        decline_code: str | None = None,
        **objects: Json,
    ) -> None:
        super().__init__(message)
        self.status = status
        optional = {"code": code, "param": param, "decline_code": decline_code}
        self.error: Json = {
            "type": error_type,
            "message": message,
            **{name: value for name, value in optional.items() if value is not None},
            **objects,
        }


def missing_parameter(name: str) -> StripeFault:
    return StripeFault(400, f"Missing required param: {name}.", code="parameter_missing", param=name)


def no_such(kind: str, object_id: str, *, status: int = 404, param: str = "intent") -> StripeFault:
    return StripeFault(status, f"No such {kind}: '{object_id}'", code="resource_missing", param=param)
