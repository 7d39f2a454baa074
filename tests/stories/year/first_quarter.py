"""January to March 2025: the office opens, twenty-eight proposals come in, the first twelve begin."""

from tests.stories.year.budgeting import MONTHS, evenly
from tests.stories.year.cast import CREW, GOALS
from tests.stories.year.office import Office
from tests.stories.year.proposing import GRANT, TOWN, thousands


def january(office: Office) -> None:
    """Portfolios, people, goals; fourteen proposals, and the first seven authorizations."""
    chair, member, manager = office.chair, office.member, office.manager
    streets, citizens, buildings = office.streets, office.citizens, office.buildings

    office.meets("2025-01-07")
    chair.founds(TOWN, "new_mandate: The council asks for one list of everything it pays for, with the reasons")
    chair.founds(GRANT, "new_mandate: The climate grant is reported apart from the rest")
    chair.takes_under(TOWN, GRANT, "oversight: The council wants one sum over all it pays for")
    chair.lets_go(TOWN, GRANT, "grant_terms: Whoever gives the grant asks for books of its own")
    chair.allots("yearly_budget: What the council granted on 12 December", capex=5600, reserve=200)
    chair.allots("yearly_budget: The grant runs to the end of the year", portfolio=GRANT, capex=1400)
    for goal in GOALS:
        chair.sets_goal(goal, "council_vote: Voted for in the town plan, with the measure beside it")
    office.staffing.welcomes(*CREW)
    for person in CREW:
        office.staffing.sets_week(person, hours=4 if person == "Library curator" else 8)
    office.staffing.knows("Bridge engineer", "bearings", 5, "engineer")
    office.staffing.knows("Procurement officer", "tenders", 4, "buyer")
    for portfolio in (TOWN, GRANT):
        office.finance.quotes("CHF", "1.05", "2025-01-01", portfolio)

    office.meets("2025-01-13")
    streets.proposes("Safe streets", "strategic_fit: Crossings, lights and lanes close the same roads")
    buildings.proposes("Net zero buildings", "strategic_fit: Pumps, windows and roofs share one grid connection")
    citizens.proposes("One front door", "strategic_fit: Permits, counters and phones serve the same people")
    streets.drafts("Mill bridge bearings", "regulatory_mandate: The inspection gives it eighteen months")
    streets.argues("Mill bridge bearings", problem="The bearings are worn through", options=["Bearings", "New bridge"])
    with office.turned_down(422, "required: which of the options is proposed"):
        streets.submits("Mill bridge bearings")
    costs = streets.costs_of("Mill bridge bearings")
    streets.argues("Mill bridge bearings", chosen_option="Bearings", benefits=["Lorries cross"], costs=costs)
    streets.argues("Mill bridge bearings", risks=["Steel comes late"], assumptions=["The fair moves to the meadow"])
    streets.submits("Mill bridge bearings")
    streets.proposes("Weir footbridge", "risk_reduction: Children wade through the weir instead")
    streets.proposes("Quay wall piles", "regulatory_mandate: The load limit is halved next year")
    streets.proposes("School street crossings", "risk_reduction: Two accidents since September", "Safe streets")
    streets.proposes("Ring road lights", "risk_reduction: Three accidents after dusk", "Safe streets")
    buildings.proposes("Swimming pool heat pump", "roi: The boiler is the dearest we have", "Net zero buildings")
    buildings.proposes("Town hall windows", "roi: It heats the square in front of it", "Net zero buildings")
    citizens.proposes("Online permits", "strategic_fit: The charter promises it by the end of 2026", "One front door")
    citizens.proposes("Counter tickets", "enabler: Nothing can be measured before it", "One front door")
    streets.proposes("Storm drain east", "risk_reduction: Eighty cellars stood under water in May")
    buildings.proposes("East school wing", "regulatory_mandate: The containers may stay until 2026")
    citizens.proposes("Ledger migration", "regulatory_mandate: Support ends with the year")
    citizens.proposes("Invoice scanning", "roi: Discounts of forty thousand are lost a year")
    office.clerk.proposes("Skate park", "strategic_fit: Four hundred signatures came with it")
    manager.evaluates("Mill bridge bearings")
    with office.turned_down(409, "starts from submitted"):
        manager.evaluates("Mill bridge bearings")

    office.meets("2025-01-20")
    manager.evaluates("Safe streets", "Net zero buildings", "One front door")
    manager.evaluates("Weir footbridge", "Quay wall piles", "School street crossings", "Ring road lights")
    manager.evaluates("Swimming pool heat pump", "Town hall windows", "Online permits", "Counter tickets")
    manager.evaluates("Storm drain east", "East school wing", "Ledger migration", "Invoice scanning")
    manager.recycles(
        "Invoice scanning", "Say what the new ledger scans by itself", "overlap: The ledger's offer has a scanner in it"
    )
    with office.turned_down(403, "needs the role board"):
        manager.authorizes("Weir footbridge", 150, "risk_reduction: It cannot wait for the board")
    with office.turned_down(422, "/rationale/text"):
        manager.selects("Weir footbridge", "risk_reduction: n/a")

    office.meets("2025-01-27")
    for program in ("Safe streets", "Net zero buildings", "One front door"):
        manager.selects(program, "strategic_fit: Its parts are worth more together than apart")
        member.authorizes(program, 30, "enabler: A plan and a desk for the program manager")
    manager.selects("Mill bridge bearings", "regulatory_mandate: There is no other crossing for lorries")
    manager.selects("Weir footbridge", "risk_reduction: The school year starts over this bridge")
    manager.selects("School street crossings", "risk_reduction: The cheapest accident is the one that is not")
    manager.selects("Ring road lights", "risk_reduction: The poles are bought with the crossings")
    with office.with_reason(alternatives=[{"title": "District heating", "note": "Ten years away"}]):
        manager.selects("Swimming pool heat pump", "roi: It pays for itself in seven years")
    manager.selects("Online permits", "strategic_fit: The charter names the date")
    chair.authorizes("Mill bridge bearings", 820, "regulatory_mandate: Voted seven to none", "Work stops for the fair")
    chair.authorizes("Weir footbridge", 150, "risk_reduction: Voted seven to none")
    chair.authorizes("School street crossings", 110, "risk_reduction: Voted six to one")
    member.authorizes("Swimming pool heat pump", 350, "roi: The grant pays for two thirds", "The grant is confirmed")
    manager.defers("Quay wall piles", "2025-06-02", "awaiting_decision: The railway decides in May who pays half")
    office.ends_month("2025-01-31")


def february(office: Office) -> None:
    """Work begins on five; the first forecasts; eight proposals more."""
    chair, member, manager, staffing = office.chair, office.member, office.manager, office.staffing
    streets, citizens, buildings = office.streets, office.citizens, office.buildings
    works, digital, finance = office.works, office.digital, office.finance

    office.meets("2025-02-03")
    for program in ("Safe streets", "Net zero buildings"):
        works.begins(program, "2025-02-03")
    digital.begins("One front door", "2025-02-03")
    for program in ("Safe streets", "Net zero buildings", "One front door"):
        manager.hands_over(program, "Program manager", "takes_over: The program manager starts with this month")
    works.begins("Mill bridge bearings", "2025-02-03", "2025-11-28")
    works.begins("Weir footbridge", "2025-02-10", "2025-06-30")
    works.begins("School street crossings", "2025-02-10", "2025-08-29")
    works.begins("Swimming pool heat pump", "2025-02-17", "2025-09-30")
    knows = "skills: Knows the bridge since it was built"
    staffing.assigns("Bridge engineer", "Mill bridge bearings", "0.6", "2025-02-03", "2025-11-28", knows, "designer")
    staffing.assigns("Site lead north", "Mill bridge bearings", "0.5", "2025-02-03", "2025-11-28", knows, "site lead")
    free = "availability: Free from this month on"
    staffing.assigns("Structural engineer", "Weir footbridge", "0.5", "2025-02-10", "2025-06-30", free)
    staffing.assigns("Site lead south", "Weir footbridge", "0.4", "2025-02-10", "2025-06-30", free, "site lead")
    staffing.assigns("Traffic planner", "School street crossings", "0.5", "2025-02-10", "2025-08-29", free)
    staffing.assigns("Road surveyor", "School street crossings", "0.5", "2025-02-10", "2025-08-29", free)
    staffing.assigns("Heating engineer", "Swimming pool heat pump", "0.8", "2025-02-17", "2025-09-30", free)
    staffing.assigns("Energy adviser", "Swimming pool heat pump", "0.3", "2025-02-17", "2025-09-30", free)
    with office.turned_down(409, "at most 100 %"):
        staffing.assigns("Bridge engineer", "Weir footbridge", "0.6", "2025-02-10", "2025-06-30", free)

    office.meets("2025-02-10")
    finance.forecasts("Mill bridge bearings", evenly(810, *MONTHS[1:11]))
    finance.forecasts("Weir footbridge", evenly(150, *MONTHS[1:6]))
    finance.forecasts("School street crossings", evenly(105, *MONTHS[1:8]))
    finance.forecasts("Swimming pool heat pump", evenly(350, *MONTHS[1:9]))
    with office.with_reason(review_on="2025-06-13"):
        chair.authorizes("Online permits", 210, "strategic_fit: Voted five to two", "A stop rule before the summer")
    digital.begins("Online permits", "2025-02-17", "2025-12-19")
    staffing.assigns("Developer one", "Online permits", "0.8", "2025-02-17", "2025-12-19", free, "developer")
    staffing.assigns("Service designer", "Online permits", "0.6", "2025-02-17", "2025-12-19", free)
    staffing.assigns("Tester of everything", "Online permits", "0.5", "2025-02-17", "2025-12-19", free)
    finance.forecasts("Online permits", evenly(210, *MONTHS[1:12]))
    citizens.hands_in_again("Invoice scanning", cost_high=65)
    office.clerk.withdraws("Skate park", "site_lost: The plot was sold; another one is looked for")
    streets.proposes("Bridge sensors", "risk_reduction: Cracks grow between two inspections")
    buildings.proposes("LED street lamps", "roi: Sodium lamps cost twice as much each year")
    buildings.proposes("School solar roofs", "roi: The grant pays half of it", "Net zero buildings")
    citizens.proposes("Phone menu", "strategic_fit: The switchboard asks for it", "One front door")
    streets.proposes("Pump house renewal", "risk_reduction: One pump of three runs")
    buildings.proposes("Gym roof renewal", "risk_reduction: The caretaker moves buckets")
    citizens.proposes("Payroll move", "roi: The shared service costs a third")
    citizens.proposes("Harbour playground", "strategic_fit: No playground south of the river")

    streets.plans_benefit("Mill bridge bearings", "Heavy lorries", "0", "120", "lorries a day", "2025-12-01")
    streets.plans_benefit("Weir footbridge", "Way to school", "25", "15", "minutes", "2025-07-01")
    streets.plans_benefit("School street crossings", "Accidents there", "6", "3", "accidents", "2025-12-01")
    buildings.plans_benefit("Swimming pool heat pump", "Energy saved", "0", "1100", "MWh", "2026-06-30")
    works.promises("Mill bridge bearings", "Bearings in place", "2025-08-29")
    works.promises("Mill bridge bearings", "Load test", "2025-11-14")
    works.warns("Mill bridge bearings", "Steel comes late", "2025-04-30", probability=3, impact=4)
    digital.warns("Online permits", "The register answers too slowly", "2025-05-30")

    office.meets("2025-02-17")
    for place, vital in enumerate(("East school wing", "Mill bridge bearings", "Storm drain east"), start=1):
        manager.ranks(vital, place, "regulatory_mandate: What the law asks for comes first")
    for vital in ("East school wing", "Storm drain east", "Ledger migration", "Counter tickets", "Town hall windows"):
        manager.selects(vital, "strategic_fit: It carries a goal that nothing else carries")
    chair.authorizes("East school wing", 900, "regulatory_mandate: Voted seven to none")
    chair.authorizes("Storm drain east", 600, "risk_reduction: Voted seven to none")
    member.authorizes("Ledger migration", 290, "regulatory_mandate: Voted six to one")
    member.authorizes("Counter tickets", 40, "enabler: Voted five to two")
    member.authorizes("Town hall windows", 300, "roi: Voted four to three")
    chair.defers("Town hall windows", "2026-01-12", "budget_freeze: The heritage office pays from next year on")
    manager.deselects("Ring road lights", "overlap: The LED proposal lights the same road")
    for project in ("Swimming pool heat pump", "Town hall windows", "School solar roofs", "LED street lamps"):
        manager.takes_in(GRANT, project, "funding: The climate grant may pay for a part of it")

    office.meets("2025-02-24")
    manager.evaluates("Invoice scanning", "Bridge sensors", "LED street lamps", "School solar roofs", "Phone menu")
    manager.evaluates("Pump house renewal", "Gym roof renewal", "Payroll move", "Harbour playground")
    works.reports_on_track("Began as planned", "Mill bridge bearings", "Weir footbridge", "School street crossings")
    digital.reports("Online permits", "on_track", "The first form is drawn", "Fewer forms at first", scope="at_risk")
    finance.books("2025-02", Mill_bridge_bearings=62, Weir_footbridge=21, School_street_crossings=9, Online_permits=11)
    office.ends_month("2025-02-28")


def march(office: Office) -> None:
    """The order is settled, goals get their projects, money above a threshold needs two people from now on."""
    chair, member, manager, staffing = office.chair, office.member, office.manager, office.staffing
    streets, citizens, buildings, registrar = office.streets, office.citizens, office.buildings, office.registrar
    works, digital, finance = office.works, office.digital, office.finance

    office.meets("2025-03-03")
    works.begins("East school wing", "2025-03-03", "2026-06-30")
    works.begins("Storm drain east", "2025-03-03", "2025-12-19")
    digital.begins("Ledger migration", "2025-03-10", "2025-12-19")
    digital.begins("Counter tickets", "2025-03-03")
    free = "availability: Free from this month on"
    staffing.assigns("School architect", "East school wing", "0.9", "2025-03-03", "2026-06-30", free, "architect")
    staffing.assigns("Building inspector", "East school wing", "0.3", "2025-03-03", "2026-06-30", free)
    staffing.assigns("Drainage engineer", "Storm drain east", "0.7", "2025-03-03", "2025-12-19", free, "engineer")
    staffing.assigns("Site lead south", "Storm drain east", "0.5", "2025-03-03", "2025-12-19", free, "site lead")
    staffing.assigns("Ledger accountant", "Ledger migration", "0.7", "2025-03-10", "2025-12-19", free)
    staffing.assigns("Developer two", "Ledger migration", "0.8", "2025-03-10", "2025-12-19", free, "developer")
    staffing.assigns("Data analyst", "Ledger migration", "0.4", "2025-03-10", "2025-12-19", free)
    staffing.assigns("Trainer of counters", "Counter tickets", "0.4", "2025-03-03", None, free)
    finance.forecasts("East school wing", evenly(880, *MONTHS[2:12]))
    finance.forecasts("Storm drain east", evenly(590, *MONTHS[2:12]))
    finance.forecasts("Ledger migration", evenly(280, *MONTHS[2:12]))
    finance.forecasts("Counter tickets", evenly(38, *MONTHS[2:5]))
    chair.sets_policy(
        "two_people: No forecast moves by more than sixty thousand on one signature, no baseline by more than a month",
        money_threshold=thousands(60),
        rebaseline_threshold={"days": 31, "percent": "10"},
        update_cadence_days=35,
        review_cadence_days=100,
    )
    with office.turned_down(409, "already says this"):
        chair.sets_policy("two_people: To be quite sure about it", money_threshold=thousands(60))

    office.meets("2025-03-10")
    serves = "contribution: Weighed by the office with the sponsors"
    manager.links("Bridges that carry", serves, Mill_bridge_bearings="0.5", Weir_footbridge="0.2", Bridge_sensors="0.1")
    manager.links("Streets safe for everyone", serves, School_street_crossings="0.4", LED_street_lamps="0.2")
    manager.links("Half the energy", serves, Swimming_pool_heat_pump="0.4", School_solar_roofs="0.3")
    manager.links("Services without queues", serves, Online_permits="0.5", Counter_tickets="0.2")
    manager.links("Dry cellars", serves, Storm_drain_east="0.6", Pump_house_renewal="0.3")
    manager.links("Schools with room", serves, East_school_wing="0.7", Gym_roof_renewal="0.1")
    manager.links("Books that close", serves, Ledger_migration="0.6", Payroll_move="0.2")
    manager.links("A town that plays", serves, Harbour_playground="0.3")
    with office.turned_down(409, "sum to at most 1"):
        manager.links("Dry cellars", serves, Bridge_sensors="0.2")

    office.meets("2025-03-17")
    manager.opens_review("First quarter")
    manager.selects("Bridge sensors", "risk_reduction: The price of one false alarm")
    manager.selects("LED street lamps", "roi: Pays for itself in four years")
    manager.selects("School solar roofs", "roi: The grant ends with the year")
    manager.selects("Pump house renewal", "risk_reduction: Nothing else keeps the market dry")
    manager.selects("Gym roof renewal", "risk_reduction: The insurer asked twice")
    manager.selects("Invoice scanning", "roi: Mended, and cheaper than in January")
    manager.selects("Harbour playground", "strategic_fit: The only one south of the river")
    member.authorizes("Bridge sensors", 75, "risk_reduction: Voted seven to none")
    member.authorizes("LED street lamps", 215, "roi: Voted seven to none")
    member.authorizes("Pump house renewal", 260, "risk_reduction: Voted six to one")
    member.authorizes("Gym roof renewal", 180, "risk_reduction: Voted seven to none")
    member.authorizes("Harbour playground", 70, "strategic_fit: Voted four to three")
    chair.authorizes("Invoice scanning", 60, "roi: Voted five to two")
    chair.rejects("Phone menu", "low_value: Calls fall by themselves once permits are online")
    chair.rejects("Ring road lights", "duplicate: The lamps of the LED proposal stand on the same poles")
    manager.takes_out(GRANT, "Town hall windows", "funding: Deferred past the end of the grant")
    works.reports("Swimming pool heat pump", "at_risk", "The maker does not answer", "Ask for another date")
    manager.closes_review("Nine of twelve proposals are wanted; two are not")

    office.programs.gives_to_program("LED street lamps", "Safe streets", "same_poles: They stand at the crossings")

    office.meets("2025-03-24")
    citizens.plans_benefit("Counter tickets", "Wait at the counter", "38", "30", "minutes", "2025-07-01")
    buildings.plans_benefit("School solar roofs", "Power made", "0", "300", "MWh", "2026-06-30")
    works.promises("East school wing", "Roof closed", "2025-12-19")
    works.promises("Storm drain east", "Culvert under the railway", "2025-10-31")
    digital.promises("Ledger migration", "Trial balance agrees", "2025-09-30")
    digital.promises("Ledger migration", "Second trial", "2025-11-28")
    works.tells(
        "Mill bridge bearings",
        "Steel is three weeks late",
        "2025-05-15",
        3,
        "came_true: The mill has written that it comes in April",
        came_true="Steel comes late",
    )
    works.warns("East school wing", "Frost before the roof is closed", "2025-12-01", probability=3, impact=3)
    digital.warns("Ledger migration", "Interfaces that nobody knows", "2025-11-01", probability=2, impact=4)
    until_april = "stands_in: The sponsor of citizens is ill until April"
    registrar.grants(member, "sponsor", until_april, until="2025-04-30")
    with member.standing_in("sponsor"):
        member.proposes("Library nights", "strategic_fit: Two hundred students sit in the station hall")
        member.proposes("Form translations", "strategic_fit: A third of the town needs it", "One front door")
    streets.proposes("Cycle lane north", "risk_reduction: Lorries overtake within a metre", "Safe streets")
    streets.proposes("Bus stop ramps", "regulatory_mandate: The law gives us until 2026", "Safe streets")
    streets.proposes("Flood sensors", "risk_reduction: The May surge came unannounced")
    office.clerk.proposes("Asset register", "enabler: The ledger asks what we own")
    works.reports("Mill bridge bearings", "at_risk", "Steel is three weeks late", "A second mill delivers in April")
    works.reports_on_track("As planned", "Weir footbridge", "School street crossings", "Storm drain east")
    works.reports_on_track("The ground is broken", "East school wing")
    digital.reports_on_track("As planned", "Online permits", "Ledger migration", "Counter tickets")
    finance.books("2025-03", Mill_bridge_bearings=48, Weir_footbridge=31, School_street_crossings=12)
    finance.books("2025-03", Online_permits=19, East_school_wing=70, Storm_drain_east=66, Ledger_migration=22)
    finance.books("2025-03", Counter_tickets=14, Swimming_pool_heat_pump=40)
    finance.orders("Swimming pool heat pump", {"2025-07": 120}, francs_at="1.05")
    works.delivers("Bridges that carry", "Mill bridge bearings", "0.15")
    works.delivers("Bridges that carry", "Weir footbridge", "0.4")
    office.ends_month("2025-03-31")
