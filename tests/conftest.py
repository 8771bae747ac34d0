"""What holds for all tests of the suite itself."""

import signal

from hypothesis import HealthCheck, settings

# No test is a timed one: a machine under load is slow at any of them.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Under `nohup`, or behind a shell's `&`, a signal is ignored, and that is inherited. The processes that tests start,
# and send signals to, are to meet them as usual.
for _each in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_each) is signal.SIG_IGN:
        signal.signal(_each, lambda *_: None)
