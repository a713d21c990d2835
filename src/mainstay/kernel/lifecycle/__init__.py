"""States and moves as data, small enough to see whole.

From one `Lifecycle` come the buttons, the API operations, the state filter, the permission names, the bulk
actions and the figure in a practice's README.
"""

from mainstay.kernel.lifecycle.engine import CATEGORIES, Category, Lifecycle, Move, State

__all__ = ["CATEGORIES", "Category", "Lifecycle", "Move", "State"]
