"""The papers the board of Westhaven has before it: thirty proposals, each with what it may cost and its scores."""

from typing import NamedTuple


class Paper(NamedTuple):
    """`cost` at most, in thousands of pounds; `reach` and `risk` (low is good) from 0 to 10; `gain` and `effort`."""

    cost: int
    reach: int
    risk: int
    gain: int
    effort: int


PAPERS = {
    "Tram to the port": Paper(900, 9, 6, 60, 30),
    "School meals": Paper(240, 8, 2, 40, 8),
    "Fire doors": Paper(310, 1, 4, 6, 12),
    "Market roof": Paper(420, 6, 3, 30, 12),
    "Night buses": Paper(180, 7, 3, 28, 7),
    "River gauge": Paper(60, 4, 1, 12, 3),
    "Town archive": Paper(130, 2, 2, 8, 8),
    "Swimming lessons": Paper(90, 6, 1, 20, 4),
    "Bridge paint": Paper(260, 3, 5, 10, 10),
    "Heat network": Paper(760, 8, 7, 70, 28),
    "Library van": Paper(110, 5, 2, 15, 5),
    "Care phones": Paper(75, 7, 2, 24, 3),
    "Square trees": Paper(140, 6, 1, 18, 6),
    "Data portal": Paper(95, 3, 4, 9, 5),
    "Clinic windows": Paper(205, 5, 2, 16, 8),
    "Harbour crane": Paper(640, 6, 8, 48, 24),
    "Bike bridge": Paper(380, 7, 4, 36, 15),
    "Street lamps": Paper(220, 6, 2, 26, 9),
    "Youth centre": Paper(300, 7, 3, 30, 14),
    "Ice rink": Paper(350, 4, 6, 14, 16),
    "Payroll move": Paper(160, 2, 3, 22, 6),
    "Sewer survey": Paper(85, 4, 1, 16, 4),
    "Allotments": Paper(45, 4, 1, 8, 2),
    "Ferry pier": Paper(470, 5, 6, 30, 20),
    "Digital permits": Paper(190, 7, 4, 38, 8),
    "Flood wall": Paper(820, 9, 5, 64, 26),
    "Depot solar": Paper(250, 5, 2, 34, 10),
    "Town clock": Paper(35, 2, 1, 4, 2),
    "Playgrounds": Paper(125, 7, 1, 22, 5),
    "Cable car": Paper(990, 5, 9, 40, 40),
}
BUDGET = 2600
"""What the council granted for the year, in thousands: for less than a third of what was asked."""
