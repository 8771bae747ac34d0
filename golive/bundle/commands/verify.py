"""`python -m golive verify BUNDLE`: agreed, or where not."""

import argparse
import json
import re
from datetime import UTC, datetime
from pathlib import Path

from golive.bundle.commands.words import harmless, paragraph, refuse
from golive.bundle.errors import NotThereError
from golive.bundle.looks import Result, counted
from golive.bundle.verify import Signature, Verified, verify

_INDENT = 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="golive-….zip, as a run left it")
    parser.add_argument(
        "--manifest-digest", metavar="HEX", help="the digest that the run printed, told to you apart from the bundle"
    )
    parser.add_argument("--signature", type=Path, metavar="FILE", help="a signature that `sign` made (BUNDLE.sig)")
    parser.add_argument("--signers", type=Path, metavar="FILE", help="whose signature counts: ssh's allowed_signers")
    parser.add_argument("--identity", metavar="ID", help="who of them is to have signed it (default: any)")
    parser.add_argument("--json", action="store_true", help="for machines")


def run(args: argparse.Namespace) -> int:
    """0 agreed, 1 not, 4 where the command line cannot be used."""
    digest = args.manifest_digest.strip().lower() if args.manifest_digest is not None else None
    if digest is not None and not re.fullmatch("[0-9a-f]{64}", digest):
        return refuse("--manifest-digest: is not 64 hexadecimal digits; copy the line that the run printed")
    if (args.signature is None) != (args.signers is None):
        missing = "--signers" if args.signers is None else "--signature"
        return refuse(f"{missing}: is missing; a signature is looked at with --signature FILE and --signers FILE")
    if args.identity is not None and args.signature is None:
        return refuse("--identity: says nothing without --signature FILE and --signers FILE")
    signature = Signature(args.signature, args.signers, args.identity) if args.signature else None
    try:
        verified = verify(args.bundle, now=datetime.now(UTC), manifest_digest=digest, signature=signature)
    except NotThereError as problem:
        return refuse(str(problem))
    print(_as_json(args.bundle, verified) if args.json else _as_text(args.bundle, verified))
    return 0 if verified.agreed else 1


def _as_text(bundle: Path, verified: Verified) -> str:
    looked_at = (paragraph(f"  {seen.result.value:<12}  {seen.name}", seen.said, _INDENT) for seen in verified.looks)
    manifest = [f"manifest: {verified.manifest_digest}"] if verified.manifest_digest else []
    lines = [harmless(str(bundle)), *manifest, *looked_at]
    differs = [seen.name for seen in verified.looks if seen.result is Result.DIFFERS]
    if differs:
        said = f"{counted(len(differs), 'thing')} of {len(verified.looks)} differ{'s' * (len(differs) == 1)}"
        return "\n".join([*lines, paragraph("NOT agreed: ", f"{said}: {', '.join(differs)}", 12)])
    kind = ""
    if verified.evidence is not None:
        rehearsal = " (a rehearsal: never evidence for go-live)" if verified.evidence.run.rehearsal else ""
        kind = f"the verdict is {verified.evidence.verdict.status.value.replace('_', ' ')}{rehearsal}"
    return "\n".join([*lines, paragraph("agreed: ", kind, 8)])


def _as_json(bundle: Path, verified: Verified) -> str:
    evidence = verified.evidence
    return json.dumps(
        {
            "bundle": str(bundle),
            "agreed": verified.agreed,
            "manifest_sha256": verified.manifest_digest,
            "run_id": evidence.run.id if evidence else None,
            "rehearsal": evidence.run.rehearsal if evidence else None,
            "verdict": evidence.verdict.status.value if evidence else None,
            "looked_at": [{"name": s.name, "result": s.result.value, "said": s.said} for s in verified.looks],
        },
        indent=1,
        ensure_ascii=False,
    )
