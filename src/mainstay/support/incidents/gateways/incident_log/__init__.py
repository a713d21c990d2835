"""The public incident log of the UCI machine learning repository, read as histories.

"Incident management process enriched event log" (Amaral, Fantinato, Peres; CC BY 4.0): a CSV file with one row for
each update of an incident, days first, times without a zone, `?` where something is not known.
"""

from mainstay.support.incidents.gateways.incident_log.reading import Case, LogError, Names, read
from mainstay.support.incidents.gateways.incident_log.translation import KEPT, MATRIX, translate

__all__ = ["KEPT", "MATRIX", "Case", "LogError", "Names", "read", "translate"]
