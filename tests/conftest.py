"""What holds for all tests of the suite itself."""

from hypothesis import HealthCheck, settings

# No test is a timed one: a machine under load is slow at any of them.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
