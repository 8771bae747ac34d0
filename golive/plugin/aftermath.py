"""What the run left on its target, told by the engine's own registers."""

from golive.evidence.model import Aftermath, Exchange, TestUser
from golive.plugin.integrating import carried
from golive.plugin.run import Run


def aftermath(run: Run, exchanges: tuple[Exchange, ...]) -> Aftermath:
    """The sessions and users of `run`, which has been closed."""
    deleted = {_last_segment(e) for e in exchanges if e.operation == "users_destroy" and _was_done(e)}
    record, theirs = run.source.record, _carried_sessions(run)
    then = Aftermath() if record is None else record.aftermath
    return Aftermath(
        open_before=run.open_before,
        started=(*run.sessions.started, *theirs),
        open_after=(*run.sessions.open_ids, *(id_ for id_ in theirs if id_ in then.open_after)),
        users=tuple(_as_seen(user, deleted) for user in run.drivers.made.told()),
        left_behind=tuple(run.leftovers),
        holds=(*run.holds.told(), *(hold for hold in then.holds if hold.session_id in theirs)),
    )


def _carried_sessions(run: Run) -> tuple[str, ...]:
    """Of a replayed record: the sessions that the partner's backend began, which nobody begins again."""
    record = run.source.record
    if record is None:
        return ()
    seen = "\n".join(e.response.body for e in carried(run) if e.response is not None and e.response.body)
    own = set(run.sessions.started)
    return tuple(id_ for id_ in record.aftermath.started if id_ not in own and id_ in seen)


def _as_seen(user: TestUser, deleted: set[str]) -> TestUser:
    """A check that deletes its user does so with `--keep-users` too."""
    return user.model_copy(update={"fate": "deleted"}) if user.user_id in deleted else user


def _was_done(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.status < 300


def _last_segment(exchange: Exchange) -> str:
    return exchange.request.url.partition("?")[0].rstrip("/").rpartition("/")[2]
