"""What the run left on its target, told by the engine's own registers."""

from golive.evidence.model import Aftermath, Exchange, TestUser
from golive.plugin.run import Run


def aftermath(run: Run, exchanges: tuple[Exchange, ...]) -> Aftermath:
    """The sessions and users of `run`, which has been closed."""
    deleted = {_last_segment(e) for e in exchanges if e.operation == "users_destroy" and _was_done(e)}
    return Aftermath(
        open_before=run.open_before,
        started=run.sessions.started,
        open_after=run.sessions.open_ids,
        users=tuple(_as_seen(user, deleted) for user in run.drivers.made.told()),
        left_behind=tuple(run.leftovers),
        holds=run.holds.told(),
    )


def _as_seen(user: TestUser, deleted: set[str]) -> TestUser:
    """A check that deletes its user does so with `--keep-users` too."""
    return user.model_copy(update={"fate": "deleted"}) if user.user_id in deleted else user


def _was_done(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.status < 300


def _last_segment(exchange: Exchange) -> str:
    return exchange.request.url.partition("?")[0].rstrip("/").rpartition("/")[2]
