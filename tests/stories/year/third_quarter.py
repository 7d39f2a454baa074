"""July to September 2025: what was paused goes on, the solar roofs are stopped, a colleague leaves, six proposals."""

from tests.stories.year.budgeting import MONTHS, evenly
from tests.stories.year.office import Office
from tests.stories.year.proposing import GRANT


def july(office: Office) -> None:
    """The pump's maker delivers, the quay wall is authorized, the first project is closed."""
    chair, member, manager, staffing = office.chair, office.member, office.manager, office.staffing
    streets, citizens = office.streets, office.citizens
    works, digital, finance, treasurer = office.works, office.digital, office.finance, office.treasurer

    office.meets("2025-07-01")
    manager.resumes("Swimming pool heat pump", "2025-12-12", "strike_over: The maker delivers in August", forecast=350)
    back = "availability: Back on the pump after its pause"
    staffing.assigns("Heating engineer", "Swimming pool heat pump", "0.8", "2025-07-07", "2025-12-12", back)
    staffing.assigns("Energy adviser", "Swimming pool heat pump", "0.3", "2025-07-07", "2025-12-12", back)
    with office.turned_down(403, "the finish moves by 73 days; above the threshold"):
        manager.holds_to("Swimming pool heat pump", "strike: Held up for a whole quarter", "2025-12-12")
    chair.holds_to("Swimming pool heat pump", "strike: Nobody here could have ended it", "2025-12-12", 365)
    member.authorizes("Quay wall piles", 520, "regulatory_mandate: Voted seven to none")
    member.authorizes("Ring road lights", 235, "risk_reduction: Voted five to two")
    member.authorizes("Depot charging", 180, "enabler: Voted six to one")
    chair.authorizes("Park lights", 80, "risk_reduction: Voted five to two")
    chair.rejects("Payment kiosk", "below_waterline: Nine of ten fees are paid online by now")
    with office.turned_down(409, "this project is rejected"):
        manager.selects("Payment kiosk", "strategic_fit: It was nearly chosen")

    a_buyer = works.asks_for(
        "Depot charging", "buyer", "0.5", "2025-08-11", "2025-12-19", "open_work: The posts have to be tendered"
    )
    a_tester = digital.asks_for(
        "Ledger migration", "tester", "0.5", "2025-10-01", "2025-11-28", "open_work: The trial balance is tested twice"
    )
    office.requests = {"buyer": a_buyer, "tester": a_tester}
    staffing.notes_absence("Drainage engineer", "2025-07-14", "2025-07-25", "vacation")
    staffing.notes_absence("Pump technician", "2025-08-18", "2025-09-05", "vacation")

    office.meets("2025-07-14")
    manager.ranks("Quay wall piles", 3, "higher_value_arrived: The railway pays half of it, while it lasts")
    manager.ranks("Bus stop ramps", 12, "regulatory_mandate: The law names the year")
    manager.ranks("Library nights", 35, "value_reassessed: Forty visitors a night, where two hundred were told")
    with office.turned_down(409, "Nobody has reviewed the benefit Way to school"):
        streets.closes("Weir footbridge", "benefit_reached: Ten minutes were saved, as planned")
    streets.judges_benefit("Weir footbridge", "Way to school", "15", "2025-07-10", "Timed with four classes")
    citizens.judges_benefit("Counter tickets", "Wait at the counter", "29", "2025-07-11", "From the machine itself")
    streets.closes("Weir footbridge", "benefit_reached: Ten minutes were saved, as planned; cost one below plan")
    citizens.closes("Counter tickets", "benefit_reached: The wait went from 38 to 29 minutes")
    with office.turned_down(409, "shut"):
        finance.corrects_books("Weir footbridge", "2025-06", 34, "data_error: One invoice came late")

    chair.sets_policy(
        "focus: Who works on twenty-two things finishes none of them",
        wip_limits={"active": 21},
        guardrails=[
            {"category": "reserve", "at_least": "0.03"},
            {"goal": office.ids["Dry cellars"], "at_least": "0.1", "at_most": "0.5"},
            {"goal": office.ids["Books that close"], "at_least": "0.4"},
        ],
    )

    office.meets("2025-07-28")
    works.reports_on_track("As planned", "Mill bridge bearings", "School street crossings", "Storm drain east")
    works.reports_on_track("As planned", "East school wing", "Bridge sensors", "LED street lamps", "Pump house renewal")
    works.reports("School solar roofs", "off_track", "No other roofs were found", "None; the board has to decide")
    works.reports("Bus stop ramps", "at_risk", "Kerb stones are sold out", "Half of the stops first")
    digital.reports_on_track("As planned", "Ledger migration", "Payroll move", "Form translations", "Library nights")
    citizens.accepts(
        "Harbour playground",
        "Opened on Saturday with five hundred children",
        "Swings before benches",
        "delivered: Checked by the inspector",
    )
    finance.books("2025-07", Mill_bridge_bearings=119, School_street_crossings=17, Harbour_playground=17)
    finance.books("2025-07", East_school_wing=99, Storm_drain_east=57, Ledger_migration=38, Gym_roof_renewal=51)
    finance.books("2025-07", LED_street_lamps=35, Pump_house_renewal=25, School_solar_roofs=19, Flood_sensors=21)
    finance.books("2025-07", Swimming_pool_heat_pump=4, Form_translations=21, Library_nights=13, Payroll_move=15)
    works.delivers("A town that plays", "Harbour playground", "1")
    manager.measures("A town that plays", "58")
    plan = evenly(505, *MONTHS[7:12])
    waiting = finance.puts_forward("Quay wall piles", plan, "first_plan: Half of it comes from the railway")
    treasurer.approves("Quay wall piles", waiting, plan, "checked: The railway's letter is with it")
    office.ends_month("2025-07-31")


def august(office: Office) -> None:
    """Holidays: three begin, one waits for its people, crossings are done before school starts."""
    manager, staffing, streets = office.manager, office.staffing, office.streets
    works, digital, finance = office.works, office.digital, office.finance

    office.meets("2025-08-04")
    works.begins("Quay wall piles", "2025-08-04", "2025-12-19")
    works.begins("Depot charging", "2025-08-11")
    with office.turned_down(409, "21"):
        works.begins("Park lights", "2025-08-11")
    works.begins("Park lights", "2025-08-11", override="judgement: Two gardeners, and no day of anybody else")
    free = "availability: Free from this month on"
    staffing.assigns("Structural engineer", "Quay wall piles", "0.8", "2025-08-04", "2026-03-31", free, "engineer")
    staffing.assigns(
        "Procurement officer",
        "Depot charging",
        "0.5",
        "2025-08-11",
        "2025-12-19",
        free,
        request=office.requests["buyer"],
    )
    staffing.assigns("Landscape gardener", "Park lights", "0.6", "2025-08-11", "2025-12-19", free)
    finance.forecasts("Depot charging", {"2025-10": 55})
    finance.forecasts("Park lights", {"2025-10": 40, "2025-12": 20})
    manager.takes_in(GRANT, "Depot charging", "funding: Charging electric vans is in the grant's list")
    manager.links("Bridges that carry", "contribution: Now that it is under way", Quay_wall_piles="0.2")
    manager.links("Half the energy", "contribution: Weighed with the sponsor", LED_street_lamps="0.2")
    manager.links("A town that plays", "contribution: Nobody plays in the dark", Park_lights="0.2")

    works.warns("Quay wall piles", "The river rises", "2025-12-31", probability=2, impact=5)
    works.warns("Pump house renewal", "The maker is in trouble", "2025-10-31", probability=4, impact=4)

    with office.turned_down(409, "already belongs"):
        office.programs.gives_to_program("LED street lamps", "Safe streets", "same_poles: To be quite sure of it")
    office.programs.gives_to_program("Cycle lane north", None, "deferred: The program ends before it can begin")

    office.meets("2025-08-11")
    manager.pauses("Form translations", "2025-10-06", "resource_conflict: The designer is needed for the register")
    absent = "absence: The surveyor is ill until the end of September"
    staffing.moves(
        "Road surveyor", "School street crossings", "Bus stop ramps", "0.2", "2025-08-18", "2025-08-29",
        "skill_match: Crossings are measured, ramps are not",
    )  # fmt: skip
    staffing.releases("Road surveyor", "Bus stop ramps", "2025-09-01", absent)
    staffing.notes_absence("Road surveyor", "2025-09-01", "2025-09-30", "leave")
    staffing.calls_back("Pump technician", "leaking_pump: The second pump leaks, and nobody else can mend it")
    with office.turned_down(409, "at most that can be moved"):
        staffing.moves("Road surveyor", "Bus stop ramps", "Park lights", "0.2", "2025-09-08", "2025-09-30", absent)

    digital.corrects_report("Payroll move", "at_risk", "Two payslips in ten were wrong", "Both systems side by side")

    office.meets("2025-08-25")
    streets.accepts(
        "School street crossings",
        "Four crossings, lit and painted",
        "Paint in the holidays",
        "delivered: In use since the first day of school",
    )
    works.reports_on_track("As planned", "Mill bridge bearings", "Storm drain east", "Quay wall piles")
    works.reports_on_track("As planned", "East school wing", "LED street lamps", "Gym roof renewal", "Flood sensors")
    works.reports("Pump house renewal", "at_risk", "The second pump leaks", "The maker takes it back")
    works.reports("Swimming pool heat pump", "on_track", "Delivered", "The pump is tried at night", schedule="at_risk")
    digital.reports_on_track("As planned", "Ledger migration", "Payroll move")
    digital.reports("Library nights", "off_track", "Thirty visitors a night", "Another day of the week")
    finance.books("2025-08", Mill_bridge_bearings=77, School_street_crossings=11, Quay_wall_piles=60)
    finance.books("2025-08", East_school_wing=90, Storm_drain_east=55, Ledger_migration=30, Gym_roof_renewal=44)
    finance.books("2025-08", LED_street_lamps=34, Pump_house_renewal=21, Swimming_pool_heat_pump=140)
    finance.books("2025-08", Bridge_sensors=28, Library_nights=9, Payroll_move=14)
    works.delivers("Streets safe for everyone", "School street crossings", "1")
    manager.measures("Streets safe for everyone", "27")
    office.ends_month("2025-08-31")


def september(office: Office) -> None:
    """The solar roofs are stopped, permits go on, a tester leaves, six proposals for next year."""
    chair, manager, staffing = office.chair, office.manager, office.staffing
    streets, citizens, buildings = office.streets, office.citizens, office.buildings
    works, digital, finance = office.works, office.digital, office.finance

    office.meets("2025-09-01")
    works.begins("Ring road lights", "2025-09-01", "2026-01-30")
    chair.cancels(
        "School solar roofs",
        56,
        "Panels go to the depot, people to other work",
        "infeasible: Four of nine roofs cannot carry them, and the rest do not pay",
    )
    manager.unlinks("Half the energy", "School solar roofs", "cancelled: It brings nothing any more")
    manager.links("Half the energy", "contribution: Takes the place of the roofs", Depot_charging="0.1")
    manager.waits_no_more("Depot charging", "School solar roofs", "cancelled: The vans charge at night instead")
    manager.ranks("Depot charging", 9, "strategy_shift: What is left of the grant is spent on charging")
    free = "availability: Free since the solar roofs were stopped"
    staffing.assigns("Electrician two", "Ring road lights", "0.4", "2025-09-08", "2026-01-30", free)
    staffing.assigns("Traffic planner", "Ring road lights", "0.6", "2025-09-08", "2026-01-30", free)
    chair.gives_up("A town that plays", "strategy_shift: The council counts lit ways home instead of playgrounds")
    with office.turned_down(409, "needs an open goal"):
        manager.measures("A town that plays", "60")

    office.meets("2025-09-08")
    manager.resumes("Online permits", "2026-04-30", "register_released: The register answers within a second")
    digital.settles("Online permits", "The register answers after a minute", "released: It answers within a second")
    manager.ranks("Online permits", 8, "value_reassessed: Nothing stands in its way any more")
    manager.deselects("School kitchen", "capacity: The architect has no day left before the wing opens")
    staffing.bids_farewell("Tester of everything", "2025-09-29", "departure: Leaves the town for the county")
    staffing.says_no("Ledger migration", office.requests["tester"], "nobody_left: The only tester leaves this month")
    model = {
        "name": "Need before money",
        "version": 1,
        "criteria": [{"name": "Need", "weight": "0.7"}, {"name": "Money", "weight": "0.3"}],
    }
    chair.sets_policy(
        "learned: The kitchen and the lights were chosen on guesses",
        required_gates={"authorize": ["Cost estimate"]},
        scoring_model=model,
    )
    streets.proposes("Speed displays", "risk_reduction: Six streets above the limit", "Safe streets")
    streets.proposes("Dyke survey", "risk_reduction: Nobody knows what is inside of it")
    buildings.proposes("Container return", "roi: The lease would go on by itself")
    buildings.proposes("Classroom air", "strategic_fit: Headaches in the third hour")
    citizens.proposes("Grant tracking", "enabler: Two grants were paid back")
    citizens.drafts("Lido reopening", "strategic_fit: Nine thousand signatures came with it")

    office.meets("2025-09-15")
    manager.opens_review("Third quarter")
    manager.evaluates("Speed displays", "Dyke survey", "Container return", "Classroom air")
    worth = {"Speed_displays": 30, "Dyke_survey": 45, "Container_return": 12, "Classroom_air": 40}
    analysis = manager.weighs("What the rest of the year's money is enough for", 160, **worth)
    with office.with_reason(evidence=[analysis]):
        manager.selects("Speed displays", "risk_reduction: Cheap, and seen by everybody")
        manager.selects("Dyke survey", "risk_reduction: Before the winter floods")
        manager.selects("Container return", "roi: Two letters save twenty thousand")
    with office.turned_down(422, "Cost estimate"):
        chair.authorizes("Speed displays", 32, "risk_reduction: Voted seven to none")
    with office.with_reason(evidence=[{"title": "Cost estimate", "url": "https://town.example/estimates/9"}]):
        chair.authorizes("Speed displays", 32, "risk_reduction: Voted seven to none")
        chair.authorizes("Dyke survey", 80, "risk_reduction: Voted seven to none")
    buildings.accepts(
        "Gym roof renewal", "Dry since the fifth", "Scaffolds are tied in June too", "delivered: Rained on, and dry"
    )
    streets.accepts("Bridge sensors", "Six bridges report", "Batteries need a date", "delivered: Alarms were tried")
    streets.closes(
        "School street crossings",
        "benefit_open: No accident there since they are used",
        unreviewed="too_early: Accidents are counted by the year, and it is not over",
    )
    manager.waits_for("Container return", "East school wing", "same_pupils: They move from one to the other")
    with office.turned_down(409, "cannot wait for itself"):
        manager.waits_for("East school wing", "Container return", "same_site: The wing is built where they stand")
    citizens.closes("Harbour playground", "benefit_reached: 910 homes within ten minutes, where 900 were planned")

    works.reaches("Mill bridge bearings", "Bearings in place", "2025-09-12")
    manager.closes_review("Three for next year; the pump house needs another maker")

    office.meets("2025-09-29")
    works.reports_on_track("As planned", "Mill bridge bearings", "Storm drain east", "Quay wall piles", "Park lights")
    works.reports_on_track("As planned", "East school wing", "LED street lamps", "Flood sensors", "Ring road lights")
    works.reports("Pump house renewal", "off_track", "The maker has gone bankrupt", "Look for another maker")
    digital.reports_on_track("As planned", "Ledger migration", "Payroll move", "Online permits")
    finance.books("2025-09", Mill_bridge_bearings=71, Quay_wall_piles=88, Ring_road_lights=14, Gym_roof_renewal=19)
    finance.books("2025-09", East_school_wing=93, Storm_drain_east=60, Ledger_migration=29, LED_street_lamps=30)
    finance.books("2025-09", Swimming_pool_heat_pump=31, Bridge_sensors=15, Payroll_move=13, Online_permits=12)
    finance.orders("Depot charging", {"2025-11": 40, "2025-12": 25})
    works.delivers("Bridges that carry", "Mill bridge bearings", "0.85")
    works.delivers("Bridges that carry", "Bridge sensors", "1")
    works.delivers("Schools with room", "Gym roof renewal", "1")
    works.delivers("Dry cellars", "Storm drain east", "0.6")
    manager.measures("Bridges that carry", "8")
    office.ends_month("2025-09-30")
