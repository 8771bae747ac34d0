"""Before any driver is made: is DEV there, does it take the keys, is the clock right, are the EVSEs known?

The first probe that fails ends the run with one cause, its owner and the remedy.
"""

from collections.abc import Callable, Iterator

from golive.connect import Answer, ConnectClient
from golive.connect.errors import ConnectError, NotFound, ServerUnavailable, Throttled
from golive.connect.stripe import StripeAuthError, StripeError
from golive.evidence.model import Probe
from golive.judging import conclude
from golive.outcomes import Outcome, Owner
from golive.plugin.run import Run
from golive.politeness.retry_after import http_date

MOST_SKEW_S = 120
"""More than this between the two clocks makes the times of a record useless beside the vendor's logs."""

_NO_CONNECT_API = "Check that the target is a Connect API; if it is DEV, tell Cariqa."


class ProbeFailed(Exception):  # noqa: N818 - what a probe found, not an error of the program
    """A reason not to run."""

    def __init__(self, message: str, *, owner: Owner, remedy: str) -> None:
        super().__init__(message)
        self.owner = owner
        self.remedy = remedy


def probe_all(run: Run) -> tuple[Probe, ...]:
    """Probe in order, up to the first that fails."""
    done: list[Probe] = []
    for probe in _probes(run):
        done.append(probe)
        if probe.outcome is Outcome.FAILED:
            break
    return tuple(done)


def _probes(run: Run) -> Iterator[Probe]:
    client = run.connect.acting_as("preflight")
    answers: list[Answer] = []

    def reach() -> str:
        try:
            answer = client.send("GET", "/users/", params={"page_size": 1})
        except (ServerUnavailable, Throttled) as lost:
            raise _not_there(run, lost.status) from None
        answers.append(answer)
        if answer.status >= 500:
            raise _not_there(run, answer.status)
        return f"{run.settings.target.url} answers"

    def accept_key() -> str:
        status = answers[0].status
        if status in (401, 403):
            raise ProbeFailed(
                f"the key {run.settings.key_fingerprint} is refused with {status}",
                owner=Owner.PARTNER,
                remedy="Set CONNECT_API_KEY to the key that was issued for DEV, without the word Bearer.",
            )
        if status != 200:
            raise ProbeFailed(
                f"the list of users is answered with {status} instead of 200",
                owner=Owner.CARIQA,
                remedy=_NO_CONNECT_API,
            )
        if not _is_page(answers[0]):
            raise ProbeFailed(
                "the list of users is answered with something that is no page of a list",
                owner=Owner.CARIQA,
                remedy=_NO_CONNECT_API,
            )
        return f"the key with fingerprint {run.settings.key_fingerprint} is accepted"

    def know_evses() -> str:
        selected = run.settings.evse or tuple(vcp.evse_id for vcp in run.catalogue.vcps)
        missing = [evse_id for evse_id in selected if not _is_known(client, evse_id)]
        if len(missing) == len(selected):
            raise ProbeFailed(
                f"none of the {len(selected)} listed EVSE IDs is known here",
                owner=Owner.CARIQA,
                remedy="Check that the target is DEV; if it is, ask Cariqa which EVSE IDs are in use.",
            )
        for evse_id in missing:
            run.recorder.observe("EVSE_UNKNOWN", f"{evse_id} is listed in the document, but not known here")
        return f"{len(selected) - len(missing)} of {len(selected)} listed EVSE IDs are known"

    yield _probe(run, "target", reach)
    if not answers:
        return
    yield _probe(run, "key", accept_key)
    yield _probe(run, "clock", lambda: _compare_clocks(run, answers[0]))
    yield _probe(run, "payment set-up", lambda: _check_payment(run))
    yield _probe(run, "listed EVSE IDs", know_evses)
    if run.stripe is None and run.settings.users:
        yield _probe(run, "prepared users", lambda: _look_at_prepared_users(run, client))


def _probe(run: Run, name: str, act: Callable[[], str]) -> Probe:
    with run.recorder.collect() as exchanges:
        try:
            return Probe(name=name, outcome=Outcome.PASSED, message=act(), exchanges=tuple(exchanges))
        except ProbeFailed as failed:
            message, owner, remedy = str(failed), failed.owner, failed.remedy
        except (ConnectError, StripeError) as exc:
            conclusion = conclude(exc)
            message, owner = str(exc), conclusion.owner if conclusion else Owner.ENVIRONMENT
            remedy = "Check that this machine can reach the target (network, proxy, certificates), then run again."
        except Exception:
            lacking = [run.source.unanswered[id_] for id_ in exchanges if id_ in run.source.unanswered]
            if not lacking:
                raise
            # A preflight that asks more than the recorded one says nothing against the checks that follow.
            return Probe(
                name=name,
                outcome=Outcome.ERROR,
                owner=Owner.SUITE,
                message=lacking[0],
                exchanges=tuple(exchanges),
            )
    return Probe(
        name=name, outcome=Outcome.FAILED, owner=owner, message=message, remedy=remedy, exchanges=tuple(exchanges)
    )


def _not_there(run: Run, status: int | None) -> ProbeFailed:
    return ProbeFailed(
        f"{run.settings.target.url} answers with {status}",
        owner=Owner.ENVIRONMENT,
        remedy="Try again later; if it stays so, tell Cariqa.",
    )


def _compare_clocks(run: Run, answer: Answer) -> str:
    header = answer.headers.get("date")
    if header is None:
        return "the target tells no time"
    theirs = http_date(header)
    if theirs is None:
        return "the target tells no time that can be read"
    skew = (run.clock.now() - theirs).total_seconds()
    if abs(skew) > MOST_SKEW_S:
        raise ProbeFailed(
            f"this machine's clock is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the target's",
            owner=Owner.PARTNER,
            remedy="Set the clock of this machine (NTP), so that times can be compared with Cariqa's logs.",
        )
    return f"the clocks agree within {MOST_SKEW_S} s"


def _check_payment(run: Run) -> str:
    if run.stripe is None:
        if run.settings.users:
            return f"no Stripe key; {len(run.settings.users)} prepared users serve as drivers"
        return "no Stripe key and no prepared users: whatever needs a card will stay inconclusive"
    try:
        run.stripe.acting_as("preflight").check_key()
    except StripeAuthError as exc:
        raise ProbeFailed(
            f"Stripe refuses the publishable key: {exc}",
            owner=Owner.PARTNER,
            remedy="Set STRIPE_PUBLISHABLE_KEY to the test-mode key (pk_test_…) that Cariqa gave for DEV.",
        ) from None
    return "Stripe accepts the publishable key"


def _look_at_prepared_users(run: Run, client: ConnectClient) -> str:
    """What they have open already is noted: no session of this run, and in the way of its own. One who is unknown
    is no reason not to run: what needs no driver can still be shown."""
    active: list[str] = []
    unknown: list[str] = []
    for user in run.settings.users:
        try:
            active += [session.id for session in client.list_sessions(user.user_id) if session.is_active]
        except NotFound:
            unknown.append(user.user_id)
    run.open_before = tuple(active)
    for code, what in (
        ("PREPARED_USER_UNKNOWN", [f"CONNECT_USERS names {user_id}, who is not known here" for user_id in unknown]),
        ("OPEN_BEFORE", [f"the session {id_} of a prepared user was open before this run began" for id_ in active]),
    ):
        for message in what:
            run.recorder.observe(code, message, owner=Owner.PARTNER)
    known = len(run.settings.users) - len(unknown)
    return f"{known} of {len(run.settings.users)} prepared users are known; {len(active)} sessions were open before"


def _is_page(answer: Answer) -> bool:
    try:
        body = answer.json()
    except ValueError:
        return False
    return isinstance(body, dict) and isinstance(body.get("results"), list)


def _is_known(client: ConnectClient, evse_id: str) -> bool:
    try:
        client.get_station(evse_id=evse_id)
    except NotFound:
        return False
    return True
