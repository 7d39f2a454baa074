"""October to December 2025: a flood, the last payments, the ledger goes over, the books of the year are closed."""

from tests.stories.year.office import Office
from tests.stories.year.proposing import GRANT


def october(office: Office) -> None:
    """A flood stops the quay wall, library nights are stopped, lamps are done."""
    chair, manager, staffing = office.chair, office.manager, office.staffing
    streets, buildings = office.streets, office.buildings
    works, digital, finance = office.works, office.digital, office.finance

    office.meets("2025-10-06")
    with office.turned_down(422, "/rationale/code"):
        manager.pauses("Quay wall piles", "2025-11-10", "high_water: The river stands a metre above the works")
    chair.sets_policy(
        "autumn: The river is a reason of its own, and two of what is active are small",
        reason_codes={"pause": ["high_water"]},
        wip_limits={"active": 23},
    )
    works.begins("Speed displays", "2025-10-06")
    digital.begins("Asset register", "2025-10-06")
    manager.resumes("Form translations", "2026-01-30", "designer_back: The register needs no designer now")
    manager.takes_back(GRANT, "Town hall windows", "funding: The grant was prolonged by a year")
    chair.allots("grant_prolonged: The ministry added two hundred thousand", portfolio=GRANT, capex=1600)
    free = "availability: Free from this month on"
    with office.turned_down(409, "at most 0 % is possible"):
        staffing.assigns("Tester of everything", "Asset register", "0.1", "2025-10-06", "2025-10-31", free)
    a_painter = works.asks_for(
        "Quay wall piles", "painter", "0.2", "2025-11-03", "2025-12-05", "open_work: Steel under water wants paint"
    )
    works.needs_nobody("Quay wall piles", a_painter, "supplier_paints: The supplier paints before it delivers")
    staffing.assigns("Data analyst", "Asset register", "0.4", "2025-10-06", "2026-02-27", free)
    staffing.assigns("Road surveyor", "Speed displays", "0.5", "2025-10-06", "2025-12-12", "availability: Well again")

    office.meets("2025-10-13")
    manager.pauses("Quay wall piles", "2025-11-10", "high_water: The river stands a metre above the works")
    chair.cancels(
        "Library nights",
        22,
        "The curator goes back to the branches",
        "over_budget: Three times the cost a visitor that was promised",
    )
    streets.closes("Bridge sensors", "benefit_reached: A crack was reported within the hour in September")
    buildings.closes("Gym roof renewal", "benefit_reached: No lesson was cancelled; cost six below plan")
    with office.turned_down(409, "needs a live project"):
        manager.ranks("Library nights", 40, "value_reassessed: Nobody looks at it any more")

    works.tells(
        "Quay wall piles",
        "The river stands a metre above the works",
        "2025-11-30",
        5,
        "came_true: The gauge at the weir shows it",
        came_true="The river rises",
    )
    digital.reaches("Ledger migration", "Trial balance agrees", "2025-10-02")
    digital.drops("Ledger migration", "Second trial", "not_needed: The first one agreed to the cent")

    works.sees_otherwise("Quay wall piles", "The river stands a metre above the works", impact=4)
    office.registrar.registers("Intern of the office")

    office.meets("2025-10-27")
    buildings.accepts(
        "LED street lamps", "All 1900 lamps", "Order in one lot", "delivered: All lit by Friday", cost=179
    )
    works.reports_on_track("As planned", "Mill bridge bearings", "Storm drain east", "Park lights", "Speed displays")
    works.reports_on_track("As planned", "East school wing", "Flood sensors", "Ring road lights", "Depot charging")
    digital.reports_on_track("As planned", "Ledger migration", "Payroll move", "Online permits", "Asset register")
    finance.books("2025-10", Mill_bridge_bearings=64, Quay_wall_piles=41, Ring_road_lights=33, Flood_sensors=26)
    finance.books("2025-10", East_school_wing=96, Storm_drain_east=63, Ledger_migration=34, LED_street_lamps=31)
    finance.books("2025-10", Swimming_pool_heat_pump=77, Payroll_move=15, Online_permits=18, Park_lights=38)
    works.delivers("Half the energy", "LED street lamps", "1")
    manager.measures("Half the energy", "7100")
    office.ends_month("2025-10-31")


def november(office: Office) -> None:
    """The bridge is open, payroll has moved, the pump house has to wait for another maker."""
    chair, manager, staffing = office.chair, office.manager, office.staffing
    streets, citizens = office.streets, office.citizens
    works, digital, finance, treasurer = office.works, office.digital, office.finance, office.treasurer

    office.meets("2025-11-03")
    with office.entered_late("2025-10-30"):
        manager.pauses("Pump house renewal", "2025-11-28", "external_event: The maker's estate keeps the pump")
        chair.allots("flood: The council adds three hundred thousand for what the river took", capex=6500, reserve=180)
    rash = {"2025-11": 240}
    withdrawn = finance.puts_forward("Quay wall piles", rash, "flood: What the river took has to be built again")
    late = {"2025-12": 180}
    waiting = finance.puts_forward("Quay wall piles", late, "flood: In December only; November is lost anyway")
    with office.turned_down(409, "was superseded already"):
        chair.approves("Quay wall piles", withdrawn, rash, "accepted: The river does not wait")
    treasurer.turns_forecast_down("Quay wall piles", waiting, "insured: The insurer pays for it in full")

    office.meets("2025-11-10")
    manager.resumes("Quay wall piles", "2026-03-31", "river_fell: The works are dry again")
    manager.ranks("Container return", 6, "capacity: It needs nobody, and saves twenty thousand")
    staffing.moves(
        "Site lead north", "Mill bridge bearings", "Quay wall piles", "0.5", "2025-11-17", "2025-11-28",
        "higher_priority_project: The bridge is all but open",
    )  # fmt: skip

    works.settles("Quay wall piles", "The river stands a metre above the works", "river_fell: The works are dry again")
    digital.reassesses("Ledger migration", "Interfaces that nobody knows", probability=4)

    office.meets("2025-11-24")
    works.reaches("Mill bridge bearings", "Load test", "2025-11-20")
    works.expects_finish("East school wing", "2026-07-31", "flood: A month was lost, and the holidays begin")
    chair.holds_to("Quay wall piles", "flood: The insurer pays, and the river took three months", "2026-03-31")
    works.expects("East school wing", "Roof closed", "2026-01-30", "flood: The roofers were at the river for a month")
    office.buildings.measures_benefit("LED street lamps", "Power saved", "70", "2025-11-20")
    streets.accepts(
        "Mill bridge bearings",
        "Open for forty tons",
        "Order steel first",
        "delivered: Tested with 12 lorries",
    )
    streets.accepts("Flood sensors", "Nine sensors in the river", "Ask the anglers", "delivered: The flood was seen")
    citizens.accepts("Payroll move", "November is paid", "Both at once", "delivered: No complaint")
    works.reports_on_track("As planned", "Storm drain east", "Park lights", "Speed displays", "Quay wall piles")
    works.reports_on_track("As planned", "East school wing", "Ring road lights", "Depot charging", "Bus stop ramps")
    digital.reports("Ledger migration", "at_risk", "Two interfaces are left", "Developer two works on nothing else")
    digital.reports_on_track("As planned", "Online permits", "Asset register", "Form translations")
    finance.books("2025-11", Mill_bridge_bearings=31, Quay_wall_piles=55, Ring_road_lights=41, Speed_displays=17)
    finance.books("2025-11", East_school_wing=90, Storm_drain_east=61, Ledger_migration=40, Depot_charging=52)
    finance.books("2025-11", Swimming_pool_heat_pump=48, Payroll_move=17, Online_permits=22, Asset_register=11)
    works.delivers("Bridges that carry", "Mill bridge bearings", "1")
    works.delivers("Dry cellars", "Storm drain east", "0.9")
    digital.delivers("Books that close", "Payroll move", "1")
    manager.measures("Bridges that carry", "10")
    chair.aims_higher("Bridges that carry", "12", "council_vote: The toll bridge is counted from next year on")
    office.ends_month("2025-11-30")


def december(office: Office) -> None:
    """What is done is closed, and the year with it."""
    chair, manager, staffing = office.chair, office.manager, office.staffing
    streets, citizens, buildings = office.streets, office.citizens, office.buildings
    works, digital, finance = office.works, office.digital, office.finance

    office.meets("2025-12-01")
    manager.opens_review("The year")
    staffing.releases("Developer two", "Ledger migration", "2025-12-08", "done: Nothing is left to develop")
    citizens.accepts("Ledger migration", "The old ledger is off", "Interfaces first", "delivered: The auditor read it")
    streets.accepts("Speed displays", "Six streets", "Sun needs no cable", "delivered: Seen by everybody")
    manager.evaluates("Grant tracking")
    manager.selects("School kitchen", "strategic_fit: The architect has days again from summer on")
    manager.recycles("Classroom air", "Measure three rooms first", "evidence: One room is no proof of twelve")
    chair.defers("Container return", "2026-06-01", "blocked_by_dependency: The wing opens in summer, not in spring")

    digital.warns_no_more("Ledger migration", "Interfaces that nobody knows", "all_known: Both were found and replaced")
    manager.waits_no_more("School kitchen", "East school wing", "other_site: The drains run along the street now")

    manager.closes_review("Eleven are done, three were stopped, and the river is a risk of its own")

    office.meets("2025-12-08")
    streets.judges_benefit("Mill bridge bearings", "Heavy lorries", "110", "2025-12-05", "Counted in a whole week")
    buildings.accepts(
        "Swimming pool heat pump",
        "Warm since Tuesday",
        "Ask two makers",
        "delivered: Half the gas in a week",
    )
    streets.closes("Mill bridge bearings", "variance: Forty tons as planned, 18 thousand above the first budget")
    streets.closes("Flood sensors", "benefit_reached: Three hours of warning in October")
    citizens.closes("Payroll move", "benefit_reached: A third of the cost from November on")
    buildings.closes(
        "LED street lamps",
        "benefit_open: A tenth of it was saved in five weeks",
        unreviewed="too_early: The bill of a whole winter is awaited",
    )

    office.registrar.forgets("Intern of the office", "privacy: The intern has left, and asked for it")

    office.meets("2025-12-15")
    works.reports_on_track("As planned", "Storm drain east", "Park lights", "Quay wall piles", "East school wing")
    works.reports("Ring road lights", "at_risk", "Frost, and no concrete", "Poles in January")
    digital.reports_on_track("As planned", "Online permits", "Asset register", "Form translations")
    finance.books("2025-12", Quay_wall_piles=70, Ring_road_lights=12, Speed_displays=14, Depot_charging=31)
    finance.books("2025-12", East_school_wing=72, Storm_drain_east=49, Ledger_migration=9, Online_permits=19)
    finance.books("2025-12", Swimming_pool_heat_pump=22, Park_lights=21, Form_translations=4)
    works.delivers("Half the energy", "Swimming pool heat pump", "1")
    works.delivers("Schools with room", "East school wing", "0.75")
    digital.delivers("Books that close", "Ledger migration", "1")
    digital.delivers("Services without queues", "Online permits", "0.45")
    manager.measures("Books that close", "21")
    manager.measures("Half the energy", "6350")
    chair.sets_policy("next_year: The grant builds from now on", portfolio=GRANT, preset="construction")
    manager.ranks("East school wing", 3, "value_reassessed: The quay wall has the nearer date")
    office.ends_month("2025-12-31")
