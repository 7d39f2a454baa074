"""April to June 2025: most of the year is at work, money is moved by two people, the first are done, one is paused."""

from tests.stories.year.budgeting import MONTHS, evenly
from tests.stories.year.office import Office


def april(office: Office) -> None:
    """Five begin, one is paused and its people go free, one is cancelled before it began."""
    chair, member, manager, staffing = office.chair, office.member, office.manager, office.staffing
    works, digital, finance, treasurer = office.works, office.digital, office.finance, office.treasurer

    office.meets("2025-04-07")
    works.begins("Bridge sensors", "2025-04-07")
    works.begins("LED street lamps", "2025-04-07", "2025-10-31")
    works.begins("Pump house renewal", "2025-04-07", "2025-12-19")
    works.begins("Harbour playground", "2025-04-07")
    works.begins("Gym roof renewal", "2025-04-14", "2025-09-12")
    free = "availability: Free from this month on"
    staffing.assigns("Data analyst", "Bridge sensors", "0.4", "2025-04-07", "2025-09-30", free)
    staffing.assigns("Electrician one", "Bridge sensors", "0.4", "2025-04-07", "2025-09-30", free)
    staffing.assigns("Electrician one", "LED street lamps", "0.5", "2025-04-07", "2025-10-31", free)
    staffing.assigns("Electrician two", "LED street lamps", "0.6", "2025-04-07", "2025-10-31", free)
    staffing.assigns("Pump technician", "Pump house renewal", "0.8", "2025-04-07", "2025-12-19", free, "technician")
    staffing.assigns("Landscape gardener", "Harbour playground", "0.7", "2025-04-07", "2025-07-31", free)
    staffing.assigns("Roofer in chief", "Gym roof renewal", "0.9", "2025-04-14", "2025-09-12", free, "roofer")
    staffing.assigns("Building inspector", "Gym roof renewal", "0.4", "2025-04-14", "2025-09-12", free)
    with office.turned_down(422, "needs a rationale"):
        finance.forecasts("LED street lamps", evenly(210, *MONTHS[3:10]))
    begun = "first_plan: What the tender came to, month by month"
    tenders = (("LED street lamps", 210, 10), ("Pump house renewal", 255, 12), ("Gym roof renewal", 175, 9))
    for project, total, last in tenders:
        plan = evenly(total, *MONTHS[3:last])
        waiting = finance.puts_forward(project, plan, begun)
        with office.turned_down(403, "may not approve it"):
            finance.approves(project, waiting, plan, begun)
        treasurer.approves(project, waiting, plan, "checked: Agrees with the tender, line by line")
    finance.forecasts("Harbour playground", {"2025-05": 20, "2025-06": 35})
    finance.forecasts("Bridge sensors", {"2025-05": 25, "2025-08": 30})

    manager.asks_more_often("Mill bridge bearings", 14, "late_steel: What happens in a month is too late to know")

    office.meets("2025-04-14")
    manager.evaluates("Library nights", "Form translations", "Cycle lane north", "Bus stop ramps", "Flood sensors")
    manager.evaluates("Asset register")
    with office.with_reason(evidence=[{"title": "Letter of the supplier", "url": "https://town.example/letters/17"}]):
        manager.pauses(
            "Swimming pool heat pump", "2025-07-01", "external_event: The pump's maker is on strike", people="release"
        )
    chair.cancels(
        "Invoice scanning",
        4,
        "The scanner goes to the ledger's team",
        "delivered_elsewhere: The new ledger reads invoices by itself",
    )
    with office.turned_down(409, "this one is cancelled"):
        staffing.assigns("Procurement officer", "Invoice scanning", "0.2", "2025-05-01", "2025-06-30", free)

    office.meets("2025-04-22")
    manager.selects("Library nights", "strategic_fit: Cheap, and used from the first evening")
    manager.selects("Form translations", "strategic_fit: Half of the counters asked for it")
    manager.selects("Bus stop ramps", "regulatory_mandate: The law names the year")
    manager.selects("Flood sensors", "risk_reduction: Two hours are worth eighty cellars")
    manager.selects("Payroll move", "roi: A third of the cost from the first month")
    with office.turned_down(403, "whoever proposed a project may not authorize it"):
        member.authorizes("Library nights", 30, "strategic_fit: I stand in for the sponsor and I sit on the board")
    chair.authorizes("Library nights", 30, "strategic_fit: Voted five to one, one kept out of it")
    chair.authorizes("Form translations", 50, "strategic_fit: Voted six to one")
    member.authorizes("Bus stop ramps", 160, "regulatory_mandate: Voted seven to none")
    member.authorizes("Flood sensors", 60, "risk_reduction: Voted seven to none")
    member.authorizes("Payroll move", 105, "roi: Voted seven to none")
    member.authorizes("School solar roofs", 340, "roi: Voted four to three", "The roofs are measured first")

    office.meets("2025-04-28")
    works.expects("Mill bridge bearings", "Bearings in place", "2025-09-26", "late_steel: Two weeks are lost for good")
    with office.turned_down(422, "needs a rationale"):
        works.promises("Mill bridge bearings", "Load test", "2025-12-12")
    digital.tells(
        "Online permits",
        "The register answers after a minute",
        "2025-09-30",
        5,
        "came_true: Measured with the first two hundred permits",
        came_true="The register answers too slowly",
    )
    works.reports("Mill bridge bearings", "at_risk", "Steel arrived, two weeks to catch up", "Two shifts in May")
    works.reports_on_track("As planned", "Weir footbridge", "School street crossings", "Storm drain east")
    works.reports_on_track("As planned", "East school wing", "Bridge sensors", "LED street lamps", "Pump house renewal")
    digital.reports("Online permits", "at_risk", "The register answers too slowly", "A copy of it at night")
    digital.reports_on_track("As planned", "Ledger migration", "Counter tickets")
    finance.books("2025-04", Mill_bridge_bearings=95, Weir_footbridge=30, School_street_crossings=16)
    finance.books("2025-04", Online_permits=24, East_school_wing=84, Storm_drain_east=61, Ledger_migration=27)
    finance.books("2025-04", Counter_tickets=12, LED_street_lamps=18, Pump_house_renewal=12, Gym_roof_renewal=22)
    finance.corrects_books("Weir footbridge", "2025-03", 29, "data_error: An invoice was booked twice")
    manager.measures("Services without queues", "35")
    office.ends_month("2025-04-30")


def may(office: Office) -> None:
    """Something of April is entered late; the first one is done; six proposals; the bridge costs more."""
    chair, member, manager, staffing = office.chair, office.member, office.manager, office.staffing
    streets, citizens, buildings = office.streets, office.citizens, office.buildings
    works, digital, finance, treasurer = office.works, office.digital, office.finance, office.treasurer

    office.meets("2025-05-05")
    with office.entered_late("2025-04-29"):
        manager.pauses("Gym roof renewal", "2025-05-12", "external_event: A storm took the scaffold on Tuesday")
    manager.resumes("Gym roof renewal", "2025-09-12", "scaffold_back: The insurer paid for another one")
    digital.begins("Payroll move", "2025-05-05", "2025-11-28")
    works.begins("School solar roofs", "2025-05-12", "2025-12-19")
    free = "availability: Free from this month on"
    staffing.assigns("Ledger accountant", "Payroll move", "0.2", "2025-05-05", "2025-11-28", free)
    staffing.assigns("Trainer of counters", "Payroll move", "0.5", "2025-05-05", "2025-11-28", free)
    staffing.assigns("Electrician two", "School solar roofs", "0.4", "2025-05-12", "2025-12-19", free)
    staffing.assigns("Energy adviser", "School solar roofs", "0.5", "2025-05-12", "2025-12-19", free)
    plan = evenly(320, *MONTHS[4:12])
    waiting = finance.puts_forward("School solar roofs", plan, "first_plan: As the grant was applied for")
    treasurer.approves("School solar roofs", waiting, plan, "checked: Agrees with the application")

    office.meets("2025-05-12")
    dearer = {"2025-06": 120, "2025-07": 131}
    waiting = finance.puts_forward("Mill bridge bearings", dearer, "price_rise: Two shifts, and steel at a third more")
    chair.approves("Mill bridge bearings", waiting, dearer, "accepted: Cheaper than a closed bridge in winter")
    manager.holds_to("Mill bridge bearings", "late_steel: Two weeks, and what two shifts cost", "2025-12-12", 899)
    wish = evenly(750, *MONTHS[5:12])
    waiting = finance.puts_forward("Storm drain east", wish, "wish_list: The contractor would like a second crew")
    chair.turns_forecast_down("Storm drain east", waiting, "no_need: One crew is enough until the rains")
    streets.proposes("Toll bridge paint", "risk_reduction: Rust on the upper chord")
    buildings.proposes("Depot charging", "enabler: Twelve vans are ordered", "Net zero buildings")
    citizens.proposes("Payment kiosk", "strategic_fit: Cash is counted by hand", "One front door")
    streets.proposes("Rain garden pilot", "strategic_fit: The market place has to be paved anyway")
    buildings.proposes("School kitchen", "strategic_fit: Parents asked for it")
    citizens.proposes("Park lights", "risk_reduction: The park is avoided after dusk")

    office.meets("2025-05-19")
    manager.evaluates("Toll bridge paint", "Depot charging", "Payment kiosk", "School kitchen", "Park lights")
    staffing.releases("Trainer of counters", "Counter tickets", "2025-05-31", "done: The counters need no trainer now")
    citizens.accepts(
        "Counter tickets",
        "Everybody sees who is next, at three counters",
        "Train the counters before the machines come",
        "delivered: Three counters work with it since the first of May",
    )
    manager.selects("Asset register", "enabler: The ledger starts with it")
    member.authorizes("Asset register", 55, "enabler: Voted seven to none")
    registrar = office.registrar
    registrar.revokes(member, "sponsor", "returned: The sponsor of citizens is back")
    with office.turned_down(403, "needs the role requester"), member.standing_in("sponsor"):
        member.drafts("Speed displays", "risk_reduction: Six streets above the limit")

    office.meets("2025-05-26")
    works.settles("Mill bridge bearings", "Steel is three weeks late", "dealt_with: Two shifts have caught up")
    office.buildings.plans_benefit("LED street lamps", "Power saved", "0", "600", "MWh", "2026-03-31")
    works.reports("Mill bridge bearings", "on_track", "Two shifts have caught up")
    works.reports_on_track("As planned", "Weir footbridge", "School street crossings", "Storm drain east")
    works.reports_on_track("As planned", "East school wing", "Bridge sensors", "LED street lamps", "Harbour playground")
    works.reports("School solar roofs", "at_risk", "Two roofs carry less than was thought", "Lighter panels")
    digital.reports("Online permits", "off_track", "The register stays slow", "Stop, and wait for its new release")
    digital.reports_on_track("As planned", "Ledger migration", "Payroll move")
    finance.books("2025-05", Mill_bridge_bearings=140, Weir_footbridge=36, School_street_crossings=20)
    finance.books("2025-05", Online_permits=30, East_school_wing=91, Storm_drain_east=58, Ledger_migration=31)
    finance.books("2025-05", Counter_tickets=9, LED_street_lamps=29, Pump_house_renewal=20, Gym_roof_renewal=8)
    finance.books("2025-05", School_solar_roofs=15, Harbour_playground=18, Bridge_sensors=24, Payroll_move=9)
    digital.delivers("Services without queues", "Counter tickets", "1")
    manager.measures("Services without queues", "29")
    office.ends_month("2025-05-31")


def june(office: Office) -> None:
    """The half-year: capacity moves from permits to the ledger, a mistaken rejection is put right, one is done."""
    chair, manager, staffing, streets = office.chair, office.manager, office.staffing, office.streets
    works, digital, finance = office.works, office.digital, office.finance

    office.meets("2025-06-02")
    works.begins("Bus stop ramps", "2025-06-02")
    works.begins("Flood sensors", "2025-06-02", "2025-11-28")
    digital.begins("Form translations", "2025-06-02")
    digital.begins("Library nights", "2025-06-09")
    free = "availability: Free from this month on"
    staffing.assigns("Road surveyor", "Bus stop ramps", "0.4", "2025-06-02", "2025-12-19", free)
    staffing.assigns("Drainage engineer", "Flood sensors", "0.2", "2025-06-02", "2025-11-28", free)
    staffing.assigns("Service designer", "Form translations", "0.3", "2025-06-02", "2025-12-19", free)
    nights = ("Library curator", "Library nights", "0.6", "2025-06-10", "2025-12-19", free, "curator")
    with office.turned_down(409, "at most 50 % is possible"):
        staffing.assigns(*nights)
    staffing.assigns(*nights, override="mandate: The council wants the nights, and knows that the hours are not there")
    for_roofs = "open_work: Nobody here may climb on a school"
    works.asks_for("School solar roofs", "climber", "0.5", "2025-09-01", "2025-12-19", for_roofs)
    finance.forecasts("Flood sensors", {"2025-07": 30, "2025-10": 28})
    finance.forecasts("Form translations", {"2025-07": 25, "2025-11": 24})
    finance.forecasts("Library nights", {"2025-07": 12, "2025-10": 16})
    manager.takes_up_again("Quay wall piles", "railway_decided: The railway pays half of it")

    office.meets("2025-06-10")
    manager.ranks("Online permits", 30, "capacity: The ledger needs its developer before the audit")
    manager.ranks("Ledger migration", 4, "higher_value_arrived: Without it the year cannot be closed")
    ahead = "higher_priority_project: The ledger cannot wait for the register"
    staffing.moves("Developer one", "Online permits", "Ledger migration", "0.5", "2025-07-01", "2025-09-30", ahead)
    skilled = "skill_match: Tests ledgers better than forms"
    staffing.moves(
        "Tester of everything", "Online permits", "Ledger migration", "0.3", "2025-07-01", "2025-11-28", skilled
    )
    manager.pauses("Online permits", "unknown", "blocked_by_dependency: The register's release has no date")
    with office.turned_down(409, "starts from active"):
        manager.pauses("Online permits", "unknown", "resource_conflict: Nobody is left on it")

    office.meets("2025-06-16")
    manager.opens_review("Half-year")
    chair.rejects("Cycle lane north", "unaffordable: Half a million is not in the budget")
    wrong = chair.latest_decision("Cycle lane north")
    with office.with_reason(supersedes=wrong):
        chair.defers(
            "Cycle lane north",
            "2026-01-12",
            "awaiting_decision: The paper was the wrong one; the county decides later",
        )
    streets.withdraws("Rain garden pilot", "done_otherwise: The market place is paved with open joints")
    manager.defers("Toll bridge paint", "2026-03-02", "budget_freeze: It takes the money of the other bridges")
    chair.reopens(
        "Ring road lights",
        "The LED proposal ends at the roundabout",
        "new_facts: Two kilometres stay dark after all",
    )
    manager.selects("Quay wall piles", "regulatory_mandate: The load limit comes in January")
    with office.turned_down(409, "Ring road lights costs EUR 260000.00, EUR 230000.00 more than is left"):
        manager.selects("Ring road lights", "risk_reduction: Two kilometres of it are dark")
    chair.allots("more_money: The council adds six hundred thousand for the second half", capex=6200, reserve=200)
    manager.selects("Ring road lights", "risk_reduction: Two kilometres of it are dark")
    manager.selects("Depot charging", "enabler: The vans come in September")
    manager.selects("Park lights", "risk_reduction: The cheapest way home")
    kitchen = "strategic_fit: It fits the east wing's tender"
    manager.selects("School kitchen", kitchen, force_in="judgement: The tender saves what the budget lacks")

    works.reports("School solar roofs", "off_track", "Four roofs of nine cannot carry", "Find other roofs")
    manager.closes_review("Permits wait; what was read from a wrong paper is put right")
    manager.waits_for("Ring road lights", "LED street lamps", "shared_parts: The lamps come from the same lot")
    manager.waits_for("School kitchen", "East school wing", "shared_site: Its drains run under the wing")
    manager.waits_for("Depot charging", "School solar roofs", "shared_grid: The roofs free the connection")

    office.meets("2025-06-23")
    streets.accepts(
        "Weir footbridge",
        "Open since the twentieth",
        "Ask the anglers first",
        "delivered: Walked over by the inspector",
        cost=116,
    )
    works.reports_on_track("As planned", "Mill bridge bearings", "School street crossings", "Storm drain east")
    works.reports_on_track("As planned", "East school wing", "Bridge sensors", "LED street lamps", "Pump house renewal")
    works.reports_on_track("Grass is sown", "Harbour playground")
    works.reports("School solar roofs", "off_track", "Four roofs of nine cannot carry any panel", "Find other roofs")
    digital.reports_on_track("As planned", "Ledger migration", "Payroll move")
    finance.books("2025-06", Mill_bridge_bearings=131, Weir_footbridge=33, School_street_crossings=18)
    finance.books("2025-06", East_school_wing=95, Storm_drain_east=60, Ledger_migration=33, Gym_roof_renewal=30)
    finance.books("2025-06", LED_street_lamps=33, Pump_house_renewal=24, School_solar_roofs=22, Harbour_playground=30)
    works.delivers("Bridges that carry", "Weir footbridge", "1")
    works.delivers("Bridges that carry", "Mill bridge bearings", "0.55")
    works.delivers("Schools with room", "East school wing", "0.3")
    digital.delivers("Books that close", "Ledger migration", "0.35")
    manager.measures("Bridges that carry", "7")
    office.ends_month("2025-06-30")
