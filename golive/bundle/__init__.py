"""One file with everything a run left: sealed at its end, signed by whoever wants to, verified and compared by anyone.

    report directory → seal → golive-<partner>-<run id>.zip → verify, diff, replay

The archive holds `manifest.json`, which lists every other file with its size and SHA-256. The digest of the manifest
stands in the foot of the report, on the console, and nowhere in the archive but there: whoever was told it can tell
any other bundle from this one. Without it (or a signature) `verify` still finds whatever contradicts the record.
"""
