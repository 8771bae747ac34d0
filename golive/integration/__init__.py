"""The partner's own integration under test: what a partner implements, in the driver's words.

from golive.integration import Adapter, AppError, Shown
"""

from golive.integration.adapter import Adapter, AppError, Shown

__all__ = ["Adapter", "AppError", "Shown"]
