"""The pytest plugin: options, selection, the run's life cycle, outcomes, console and reports.

The root `conftest.py` lists these modules and answers `pytest_golive_catalogue`.
"""
