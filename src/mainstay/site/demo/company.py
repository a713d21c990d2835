"""The company of the demo: a maker of measuring instruments that does not exist. Data only."""

from typing import NamedTuple

from mainstay.kernel.access.defaults import HOME_ORGANISATION

NAME = "Tarnwell Instruments"
#: Reserved for examples by RFC 2606; no mail can ever reach anybody.
DOMAIN = "demo.example"
#: The organisation that every instance begins with; the company takes its place.
ROOT = HOME_ORGANISATION


class Place(NamedTuple):
    """An organisation: its slug, name, the slug of the one above it, and its time zone."""

    slug: str
    name: str
    above: str | None
    zone: str


PLACES = (
    Place(ROOT, NAME, None, "Europe/London"),
    Place("leeds", "Leeds headquarters", ROOT, "Europe/London"),
    Place("leeds-finance", "Finance", "leeds", "Europe/London"),
    Place("leeds-human-resources", "Human resources", "leeds", "Europe/London"),
    Place("leeds-sales", "Sales Europe", "leeds", "Europe/London"),
    Place("leeds-information-technology", "Information technology", "leeds", "Europe/London"),
    Place("lyon", "Lyon works", ROOT, "Europe/Paris"),
    Place("lyon-production", "Production", "lyon", "Europe/Paris"),
    Place("lyon-quality", "Quality assurance", "lyon", "Europe/Paris"),
    Place("lyon-warehouse", "Warehouse", "lyon", "Europe/Paris"),
    Place("kaunas", "Kaunas laboratory", ROOT, "Europe/Vilnius"),
    Place("kaunas-development", "Development", "kaunas", "Europe/Vilnius"),
    Place("kaunas-calibration", "Calibration", "kaunas", "Europe/Vilnius"),
    Place("halifax", "Halifax office", ROOT, "America/Halifax"),
    Place("halifax-sales", "Sales America", "halifax", "America/Halifax"),
)
#: Where those who give service sit; everybody else asks for it.
OFFICE = "leeds-information-technology"
DEPARTMENTS = tuple(place.slug for place in PLACES if "-" in place.slug and place.slug != OFFICE)

#: Teams with the number of members each has; some people work in two.
TEAMS = {
    "service-desk": ("Service desk", 6),
    "workplace": ("Workplace", 4),
    "network": ("Network", 3),
    "applications": ("Applications", 4),
    "accounts": ("Accounts and permissions", 3),
    "on-site": ("On-site support Lyon", 2),
}
DESK = "service-desk"
STAFF = 16


#: Lists kept under a name: the sign-in whose it is, its name, its address, and whether its first team's.
VIEWS = (
    ("agent", "Waiting for the caller", "state=pending&assignee=me", False),
    ("agent", "Urgent at the desk", "phase=open&team=service-desk&priority=1&priority=2", True),
    ("manager", "Critical and high", "phase=open&phase=paused&priority=1&priority=2&sort=priority", False),
    ("manager", "Nobody has it", "phase=open&assignee=nobody&sort=opened", True),
)
#: The demo's custom field, filled for hardware.
FIELD = ("asset-tag", "Asset tag", "The number on the yellow label, such as TW-12345")


class SignIn(NamedTuple):
    """Somebody a visitor can sign in as: with what role, in which organisation, and in which teams."""

    name: str
    role: str
    place: str
    teams: tuple[str, ...] = ()


SIGN_INS = {
    "requester": SignIn("Ruth Calder", "requester", "leeds-sales"),
    "agent": SignIn("Anton Verhey", "agent", OFFICE, (DESK, "workplace")),
    "manager": SignIn("Miriam Osei", "manager", OFFICE, (DESK,)),
    "administrator": SignIn("Ada Lindholm", "administrator", OFFICE),
}

FIRST_NAMES = """
    Amelie Bastian Carla Dmitri Elin Farid Greta Hugo Ines Jonas Katya Liam Maren Nadia Oskar Petra Quentin Rosa
    Samir Tilda Ursula Viktor Wanda Xenia Yusuf Zoe Agnes Boris Celine Daan Eva Felix Gintare Henri Ida Jakub Kofi
    Lucie Milos Noor
""".split()  # noqa: SIM905 - names read better than quotation marks
LAST_NAMES = """
    Abbott Bauer Castellan Dubois Eriksen Farkas Garnier Holloway Ivanov Jansen Kazlauskas Laurent Moreau Novak
    Okafor Petrauskas Quist Rossi Sandoval Thibault Ullman Varga Whitcombe Xavier Young Zielinski Ashworth Bellamy
    Corrigan Delacroix Engel Fairbank Gallo Hartwell Imran Jurgaitis Keane Lambert Mercier
""".split()  # noqa: SIM905 - names read better than quotation marks


def person_name(number: int) -> str:
    """Return the name of the person with this number; the first 1,560 are all different.

    The two lists have no common factor in length (40 and 39), so walking both at once meets every pair once.
    """
    again = number // (len(FIRST_NAMES) * len(LAST_NAMES))
    name = f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number % len(LAST_NAMES)]}"
    return f"{name} {'I' * (again + 1)}" if again else name


def address(name: str) -> str:
    """Return the e-mail address that goes with a name."""
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"
