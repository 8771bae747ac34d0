"""`python -m golive verify BUNDLE`: agreed, or where not."""

import argparse
import json
import re
from datetime import UTC, datetime
from pathlib import Path

from golive.bundle.anew import write_anew
from golive.bundle.commands.words import harmless, paragraph
from golive.bundle.errors import NotThereError
from golive.bundle.looks import Result, counted
from golive.bundle.verify import Signature, Verified, verify
from golive.settings import SettingsError

_INDENT = 32
_MOST_INDENTED = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="golive-….zip, as a run left it")
    parser.add_argument(
        "--manifest-digest", metavar="HEX", help="the digest that the run printed, told to you apart from the bundle"
    )
    parser.add_argument("--signature", type=Path, metavar="FILE", help="a signature that `sign` made (BUNDLE.sig)")
    parser.add_argument("--signers", type=Path, metavar="FILE", help="whose signature counts: ssh's allowed_signers")
    parser.add_argument("--identity", metavar="ID", help="who of them is to have signed it (default: any)")
    parser.add_argument(
        "--render", type=Path, metavar="DIR", help="write the views anew from the record, into a folder of their own"
    )
    parser.add_argument("--json", action="store_true", help="for machines")


def run(args: argparse.Namespace) -> int:
    """0 agreed, 1 not. Raises SettingsError where the command line cannot be used."""
    digest = args.manifest_digest.strip().lower() if args.manifest_digest is not None else None
    if digest is not None and not re.fullmatch("[0-9a-f]{64}", digest):
        raise SettingsError("--manifest-digest: is not 64 hexadecimal digits; copy the line that the run printed")
    if (args.signature is None) != (args.signers is None):
        missing = "--signers" if args.signers is None else "--signature"
        raise SettingsError(f"{missing}: is missing; a signature is looked at with --signature FILE and --signers FILE")
    if args.identity is not None and args.signature is None:
        raise SettingsError("--identity: says nothing without --signature FILE and --signers FILE")
    signature = Signature(args.signature, args.signers, args.identity) if args.signature else None
    try:
        verified = verify(args.bundle, now=datetime.now(UTC), manifest_digest=digest, signature=signature)
    except NotThereError as problem:
        raise SettingsError(str(problem)) from None
    written = _render(args.render, verified) if args.render is not None else None
    print(_as_json(args.bundle, verified) if args.json else _as_text(args.bundle, verified, written))
    return 0 if verified.agreed else 1


def _render(directory: Path, verified: Verified) -> str:
    """What became of it, in a sentence."""
    if verified.evidence is None:
        return "nothing was written: the record cannot be read"
    digest = verified.manifest_digest if verified.agreed else None
    try:
        names = write_anew(directory, verified.evidence, verified.files, digest=digest)
    except OSError as problem:
        raise SettingsError(f"--render: {directory} cannot be used: {problem.strerror or problem}") from None
    whose = "" if verified.agreed else ", from a record that is NOT agreed"
    return f"{', '.join(names)} written anew to {directory}{whose}"


def _as_text(bundle: Path, verified: Verified, written: str | None) -> str:
    looked_at = (paragraph(f"  {seen.result.value:<12}  {seen.name}", seen.said, _INDENT) for seen in verified.looks)
    manifest = [f"manifest: {verified.manifest_digest}"] if verified.manifest_digest else []
    lines = [harmless(str(bundle)), *manifest, *looked_at]
    lines += [paragraph("rendered: ", written, 10)] if written is not None else []
    label, _, said = _conclusion(verified).partition(": ")
    return "\n".join([*lines, paragraph(f"{label}: ", said, min(len(label) + 2, _MOST_INDENTED))])


def _conclusion(verified: Verified) -> str:
    """The last line: whoever reads nothing else is to know what was not compared."""
    differs = [seen.name for seen in verified.looks if seen.result is Result.DIFFERS]
    if differs:
        said = f"{counted(len(differs), 'thing')} of {len(verified.looks)} differ{'s' * (len(differs) == 1)}"
        return f"NOT agreed: {said}: {', '.join(differs)}"
    kind = ""
    if verified.evidence is not None:
        rehearsal = " (a rehearsal: never evidence for go-live)" if verified.evidence.run.rehearsal else ""
        kind = f"the verdict is {verified.evidence.verdict.status.value.replace('_', ' ')}{rehearsal}"
    reservations = "".join(f"{said}; " for said in verified.reservations)
    return f"agreed on the record: {reservations}{kind}" if reservations else f"agreed: {kind}"


def _as_json(bundle: Path, verified: Verified) -> str:
    evidence = verified.evidence
    return json.dumps(
        {
            "bundle": str(bundle),
            "agreed": verified.agreed,
            "reservations": list(verified.reservations),
            "conclusion": _conclusion(verified),
            "manifest_sha256": verified.manifest_digest,
            "run_id": evidence.run.id if evidence else None,
            "rehearsal": evidence.run.rehearsal if evidence else None,
            "verdict": evidence.verdict.status.value if evidence else None,
            "looked_at": [{"name": s.name, "result": s.result.value, "said": s.said} for s in verified.looks],
        },
        indent=1,
        ensure_ascii=False,
    )
