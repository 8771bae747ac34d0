"""The gateway: between the partner's backend and DEV. It passes everything on as it is, records it, and answers in
DEV's place when it is told to provoke an error.

    with Gateway(target_url, recorder, provocations=Provocations()) as gateway:
        ...  # the backend's Connect base URL is gateway.url
        handle = gateway.provoke("already-charging")

`python -m golive gateway` runs one until it is stopped.
"""

from golive.gateway.gateway import Gateway
from golive.gateway.provocations import Handle, Provocation, Provocations

__all__ = ["Gateway", "Handle", "Provocation", "Provocations"]
