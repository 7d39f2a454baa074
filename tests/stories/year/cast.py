"""Who and what is in the year of the town of Millbrook: every name is a role or an invention."""

from typing import NamedTuple

from domain.identity.words import Role

OFFICE = {
    "chair": ("Board chair", Role.BOARD),
    "member": ("Board member", Role.BOARD),
    "manager": ("Portfolio manager", Role.PORTFOLIO_MANAGER),
    "streets": ("Sponsor of streets", Role.SPONSOR),
    "citizens": ("Sponsor of citizen services", Role.SPONSOR),
    "buildings": ("Sponsor of buildings", Role.SPONSOR),
    "clerk": ("Town clerk", Role.REQUESTER),
    "works": ("Project manager works", Role.PROJECT_MANAGER),
    "digital": ("Project manager digital", Role.PROJECT_MANAGER),
    "programs": ("Program manager", Role.PROGRAM_MANAGER),
    "staffing": ("Resource manager", Role.RESOURCE_MANAGER),
    "finance": ("Finance controller", Role.FINANCE_CONTROLLER),
    "treasurer": ("Deputy treasurer", Role.FINANCE_CONTROLLER),
    "registrar": ("Office administrator", Role.ADMINISTRATOR),
    "auditor": ("Town auditor", Role.AUDITOR),
    "executive": ("Chief executive", Role.EXECUTIVE),
}
"""Who acts, each with one role."""

CREW = (
    "Bridge engineer",
    "Structural engineer",
    "Drainage engineer",
    "Pump technician",
    "Traffic planner",
    "Road surveyor",
    "Site lead north",
    "Site lead south",
    "Landscape gardener",
    "Heating engineer",
    "Energy adviser",
    "Electrician one",
    "Electrician two",
    "School architect",
    "Building inspector",
    "Roofer in chief",
    "Developer one",
    "Developer two",
    "Service designer",
    "Tester of everything",
    "Data analyst",
    "Ledger accountant",
    "Procurement officer",
    "Trainer of counters",
    "Library curator",
)
"""The 25 people whose time is given to projects."""


class Aim(NamedTuple):
    """A goal of the town and how it is measured."""

    measure: str
    unit: str
    start: str
    target: str


GOALS = {
    "Bridges that carry": Aim("Bridges without a load limit", "bridges", "6", "11"),
    "Streets safe for everyone": Aim("Serious accidents in a year", "accidents", "34", "17"),
    "Half the energy": Aim("Energy bought for buildings", "MWh", "8200", "4100"),
    "Services without queues": Aim("Wait at the counter", "minutes", "38", "10"),
    "Dry cellars": Aim("Cellars flooded in a year", "cellars", "120", "20"),
    "Schools with room": Aim("Pupils taught in containers", "pupils", "340", "0"),
    "Books that close": Aim("Days to close the year", "days", "60", "15"),
    "A town that plays": Aim("Homes near a playground", "percent", "41", "80"),
}
"""The 8 goals."""

PROGRAMS = {
    "Safe streets": "streets",
    "Net zero buildings": "buildings",
    "One front door": "citizens",
}
"""The 3 programs, each with the sponsor who proposes it."""


class Proposal(NamedTuple):
    """What its sponsor says about a project; costs are in thousands of euros."""

    goal: str
    sponsor: str
    low: int
    high: int
    problem: str
    benefit: str


def _all(goal: str, sponsor: str, *rows: tuple[str, int, int, str, str]) -> dict[str, Proposal]:
    return {name: Proposal(goal, sponsor, low, high, problem, benefit) for name, low, high, problem, benefit in rows}


PROPOSALS = {
    **_all(
        "Bridges that carry",
        "streets",
        ("Mill bridge bearings", 700, 900, "The bearings are worn through", "Lorries cross for 25 years"),
        ("Weir footbridge", 120, 180, "Closed since the flood", "Ten minutes saved on the way to school"),
        ("Quay wall piles", 400, 650, "A third of the steel is gone", "The freight line stays"),
        ("Bridge sensors", 60, 90, "Cracks are found by eye once a year", "A warning within the hour"),
        ("Toll bridge paint", 80, 110, "Rust on the upper chord", "Ten more years before a repair"),
    ),
    **_all(
        "Streets safe for everyone",
        "streets",
        ("School street crossings", 90, 130, "Four schools without a crossing", "Half the accidents there"),
        ("Ring road lights", 210, 260, "Dark for two kilometres", "Nobody is overlooked at night"),
        ("Cycle lane north", 350, 500, "Cyclists share a lane with lorries", "A separate lane up to the works"),
        ("Bus stop ramps", 140, 170, "31 stops have a kerb too high", "Everybody boards alone"),
        ("Speed displays", 25, 40, "Six streets above the limit", "Eight km/h less on average"),
    ),
    **_all(
        "Half the energy",
        "buildings",
        ("Swimming pool heat pump", 300, 380, "The boiler burns a quarter of our gas", "1100 MWh less a year"),
        ("Town hall windows", 260, 330, "Single panes from 1962", "Forty per cent less heat is lost"),
        ("LED street lamps", 190, 240, "Sodium lamps are no longer made", "600 MWh less a year"),
        ("School solar roofs", 280, 420, "Flat roofs lie idle", "Half of the schools' power"),
        ("Depot charging", 150, 220, "Electric vans wait for one plug", "Twelve vans charge at night"),
    ),
    **_all(
        "Services without queues",
        "citizens",
        ("Online permits", 180, 240, "Every permit needs two visits", "Six of ten permits without a visit"),
        ("Counter tickets", 30, 45, "Nobody knows who is next", "A wait one can sit out at home"),
        ("Phone menu", 20, 35, "A third of the calls are passed on twice", "One call, one answer"),
        ("Form translations", 40, 60, "Forms come in one language", "No interpreter for simple forms"),
        ("Payment kiosk", 55, 75, "Fees are paid in cash at one window", "Paid in a minute, at any hour"),
    ),
    **_all(
        "Dry cellars",
        "streets",
        ("Storm drain east", 500, 640, "The drain is from 1911", "Eighty cellars stay dry"),
        ("Pump house renewal", 230, 290, "One pump of three runs", "Two pumps and one in reserve"),
        ("Flood sensors", 45, 70, "The last surge came unannounced", "Two hours of warning"),
        ("Rain garden pilot", 35, 50, "Water runs off the market place", "A third of the rain stays"),
        ("Dyke survey", 70, 90, "Nobody knows the dyke's core", "We know where it would break"),
    ),
    **_all(
        "Schools with room",
        "buildings",
        ("East school wing", 800, 950, "340 pupils sit in containers", "Twelve classrooms"),
        ("Gym roof renewal", 160, 200, "Buckets stand on the floor", "Sports in any weather"),
        ("School kitchen", 110, 150, "Lunch is driven across the town", "Cooked where it is eaten"),
        ("Container return", 15, 25, "The lease goes on by itself", "No lease after the wing opens"),
        ("Classroom air", 75, 120, "Windows do not open", "Fewer headaches, fewer absences"),
    ),
    **_all(
        "Books that close",
        "citizens",
        ("Ledger migration", 240, 310, "The old ledger loses its support", "The year is closed in 15 days"),
        ("Invoice scanning", 50, 70, "Invoices lie in trays", "Paid within the discount"),
        ("Asset register", 40, 65, "Nobody can list what we own", "Depreciation is right"),
        ("Payroll move", 95, 120, "The licence ends in December", "A third of the cost"),
        ("Grant tracking", 20, 30, "Two grants were paid back", "No grant is lost"),
    ),
    **_all(
        "A town that plays",
        "citizens",
        ("Skate park", 85, 115, "Skaters use the war memorial", "A place of their own"),
        ("Harbour playground", 60, 80, "No playground south of the river", "900 homes within ten minutes"),
        ("Library nights", 25, 35, "The library closes at five", "Open until ten on two days"),
        ("Park lights", 70, 95, "The park is avoided after dusk", "A safe way home"),
        ("Lido reopening", 380, 520, "Closed for want of a lifeguard stand", "30000 swimmers a summer"),
    ),
}
"""The 40 projects."""
