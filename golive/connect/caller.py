"""What all groups of operations share: sending an operation, reading its answer, refusing and paging."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from golive.connect.advice import ErrorType
from golive.connect.answer import Reply
from golive.connect.envelope import parse_envelope
from golive.connect.error_table import advice_for
from golive.connect.errors import ApiError, Unreadable, error_class
from golive.connect.forms import observe
from golive.connect.models.base import ApiModel
from golive.connect.operations import OMITTED_STATUSES, OPERATIONS, Operation
from golive.connect.paging import Page, Pager
from golive.connect.reading import NotJson, one_line, parse_json, with_secrets
from golive.connect.wire import Params, Wire

M = TypeVar("M", bound=ApiModel)
NO_SECRETS: frozenset[str] = frozenset()


class Caller:
    """Sends operations as one actor and reads their answers."""

    def __init__(self, wire: Wire, actor: str) -> None:
        self._wire = wire
        self._actor = actor

    @property
    def actor(self) -> str:
        """Who the requests are recorded as."""
        return self._actor

    def _call(
        self,
        name: str,
        ids: dict[str, str] | None = None,
        *,
        params: Params = (),
        json: Any = None,
        read_s: float | None = None,
    ) -> Reply:
        """The successful answer to an operation; raises ApiError for a refusal, and what the wire raises."""
        operation = OPERATIONS[name]
        with self._wire.recorder.collect() as exchanges:
            reply = self._wire.call(
                operation,
                operation.url_path(**(ids or {})),
                actor=self._actor,
                params=params,
                json=json,
                read_s=read_s,
            )
        if not 200 <= reply.status < 300:
            raise self._refusal(operation, reply, exchanges)
        if reply.status != operation.success:
            observe(self._wire.recorder, "UNDOCUMENTED_STATUS", f"{name}, {reply.status}")
        return reply

    def _one(self, name: str, model: type[M], reply: Reply, secrets: frozenset[str] = NO_SECRETS) -> M:
        return self._model(name, model, self._json(name, reply, secrets), reply)

    def _items(
        self, name: str, model: type[M], ids: dict[str, str], params: Params, secrets: frozenset[str] = NO_SECRETS
    ) -> Iterator[M]:
        """The items of a list, page by page, each page asked for when it is needed."""
        path = OPERATIONS[name].url_path(**ids)

        def fetch(query: Params) -> Page:
            reply = self._call(name, ids, params=query)
            return Page(self._json(name, reply, secrets), reply)

        pager = Pager(name, f"{self._wire.base}{path}", self._wire.recorder)
        for page in pager.pages(fetch, list(params)):
            for item in page.results:
                yield self._model(name, model, item, page.reply)

    def _json(self, name: str, reply: Reply, secrets: frozenset[str] = NO_SECRETS) -> Any:
        """The JSON of an answer with secrets replaced, but for the fields named in `secrets`."""
        try:
            raw = reply.raw_text()
            value = parse_json(reply.text)
            if secrets:
                value = with_secrets(value, parse_json(raw), secrets)
        except UnicodeDecodeError:
            raise self._unreadable(name, reply, "it is not UTF-8") from None
        except NotJson as fault:
            raise self._unreadable(name, reply, str(fault)) from None
        kind = str(reply.headers.get("content-type", "")).partition(";")[0].strip().lower()
        if not (kind == "application/json" or kind.endswith("+json")):
            observe(
                self._wire.recorder,
                "CONTENT_TYPE",
                f"{name}, {one_line(kind, 40) or 'no type'}",
                exchanges=(reply.exchange,),
            )
        return value

    def _model(self, name: str, model: type[M], value: Any, reply: Reply) -> M:
        def note(code: str, where: str) -> None:
            observe(self._wire.recorder, code, where, exchanges=(reply.exchange,))

        try:
            return model.model_validate(value, context=note)
        except ValidationError as fault:
            first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            reason = f"{model.__name__}{'.' if place else ''}{one_line(place, 60)}: {first['msg']}"
            raise self._unreadable(name, reply, reason) from None
        except RecursionError:
            raise self._unreadable(name, reply, "it is nested too deeply") from None

    def _unreadable(self, name: str, reply: Reply, reason: str) -> Unreadable:
        observe(self._wire.recorder, "ANSWER_UNREADABLE", name, exchanges=(reply.exchange,))
        excerpt = one_line(reply.text)
        said = f"it begins {excerpt!r}" if excerpt else "it is empty"
        return Unreadable(
            f"{name}: the answer ({reply.status}) cannot be read: {reason}; {said}", exchanges=(reply.exchange,)
        )

    def _refusal(self, operation: Operation, reply: Reply, exchanges: Sequence[str]) -> ApiError:
        """The error that an answer stands for, with its advice; what is off contract in it is observed."""
        envelope = parse_envelope(reply.status, reply.text, reply.raw.decode("utf-8", "replace"))
        type_ = envelope.type if envelope else None
        secret = envelope.payment_intent_client_secret if envelope else None
        self._watch_form(operation, reply, envelope is not None and envelope.documented, type_)
        if envelope and envelope.type_name is not None and type_ is None:
            where = f"{operation.name}, {envelope.type_name}"
            observe(self._wire.recorder, "UNDOCUMENTED_ERROR_TYPE", where, exchanges=(reply.exchange,))
        detail = envelope.detail if envelope else one_line(reply.text)
        kind = f" {type_.value}" if type_ else ""
        words = one_line(detail, 200) or "no word of explanation"
        if envelope and envelope.details and envelope.details != detail:
            words = f"{words} ({one_line(envelope.details, 200)})"
        return error_class(reply.status, type_)(
            f"{operation.name}: refused with {reply.status}{kind}: {words}",
            status=reply.status,
            advice=advice_for(reply.status, type_, authentication=secret is not None),
            exchanges=exchanges,
            detail=detail,
            type=type_,
            details=envelope.details if envelope else None,
            payment_intent_client_secret=secret,
            support_code=envelope.support_code if envelope else None,
        )

    def _watch_form(self, operation: Operation, reply: Reply, documented: bool, type_: ErrorType | None) -> None:
        recorder, status, exchanges = self._wire.recorder, reply.status, (reply.exchange,)
        is_stop = operation.name == "users_charging_stop_create"
        if is_stop and status == 409 and type_ is ErrorType.CHARGING_PROVIDER_ERROR:
            observe(recorder, "FORM_STOP_PROVIDER_STATUS", exchanges=exchanges)
            return
        known = status in OMITTED_STATUSES
        omitted_400 = operation.name == "users_charging_start_create" and status == 400
        if not (status in operation.errors or known or omitted_400):
            observe(recorder, "UNDOCUMENTED_STATUS", f"{operation.name}, {status}", exchanges=exchanges)
        if not (documented or (known and status != 401)):
            shown = f"{status} {type_.value}" if type_ else str(status)
            observe(recorder, "UNDOCUMENTED_ERROR_FORM", f"{operation.name}, {shown}", exchanges=exchanges)


def query(**values: Any) -> list[tuple[str, str]]:
    """Query parameters: None and empty sequences left out, booleans as true and false, sequences repeated."""
    found: list[tuple[str, str]] = []
    for name, value in values.items():
        several = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
        found += [(name, str(item).lower() if isinstance(item, bool) else str(item)) for item in several]
    return found
