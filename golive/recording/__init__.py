"""The record: every request passes the recording transport; secrets are replaced before anything is kept."""

from golive.recording.bodies import DEFAULT_MAX_BODY, BodyTooLarge, BodyUndecodable, body_text
from golive.recording.patience import RecordedPatience
from golive.recording.recorder import Pending, Recorder
from golive.recording.redactor import REDACTED, Redactor
from golive.recording.transport import EXTENSION, RecordingTransport, live_transport

__all__ = [
    "DEFAULT_MAX_BODY",
    "EXTENSION",
    "REDACTED",
    "BodyTooLarge",
    "BodyUndecodable",
    "Pending",
    "RecordedPatience",
    "Recorder",
    "RecordingTransport",
    "Redactor",
    "body_text",
    "live_transport",
]
