"""The minutes of the board of Westhaven: how it chose from thirty proposals, and what it took back later."""

from tests.conftest import World
from tests.stories.board.meeting import SPEED, TOWN, VALUE, Meeting, pounds
from tests.stories.board.papers import BUDGET, PAPERS

FAST, WORTHY, LAWFUL = "What is done soonest", "What is worth most", "What is worth most, within the law"
LAW = "regulatory_mandate: The fire code leaves the town no other year"
CHOSEN = "strategic_fit: Voted six to one for the lawful list, after two hours on the first two"
SECOND_LOOK = "roi: The council grants half a million more, and the market roof leaks since May"
TAKEN_BACK = "new_facts: The landlord put the meals into his own lease"


def the_board(world: World) -> Meeting:
    """The meeting after its year."""
    meeting = Meeting(world)
    january(meeting)
    february(meeting)
    march(meeting)
    june(meeting)
    return meeting


def january(meeting: Meeting) -> None:
    """Thirty proposals, and two ways to say what they are worth."""
    meeting.meets("2026-01-12")
    founded = "new_mandate: One list for everything the town pays for"
    meeting.ids[TOWN] = meeting.does("chair", "/portfolios", founded, name=TOWN, currency="GBP")["id"]
    meeting.writes_down("portfolio.created.v1", founded, TOWN)
    granted = "yearly_budget: What the council granted, for less than a third of what was asked"
    budget = [{"year": 2026, "category": "all", "money": pounds(BUDGET)}]
    meeting.does("chair", f"/portfolios/{meeting.ids[TOWN]}/set-budget", granted, lines=budget)
    meeting.writes_down("portfolio.budget_set.v1", granted, TOWN)
    scale = {"low": "0", "high": "10"}
    criteria = [{"name": "reach", "weight": "0.6", **scale}]
    criteria += [{"name": "risk", "weight": "0.4", "lower_is_better": True, **scale}]
    for model, shape in ((VALUE, {"method": "weighted", "criteria": criteria}), (SPEED, {"method": "value_effort"})):
        said = f"control: The board wants to see who wins by {model.lower()}"
        meeting.does("chair", f"/portfolios/{meeting.ids[TOWN]}/set-scoring-model", said, name=model, **shape)
        meeting.writes_down("portfolio.scoring_model_set.v1", said, TOWN)
    for name, paper in PAPERS.items():
        meeting.proposes(name, paper)


def february(meeting: Meeting) -> None:
    """Everything is scored, and three lists are made of it."""
    meeting.meets("2026-02-09")
    for model in (VALUE, SPEED):
        for name, paper in PAPERS.items():
            meeting.scores(model, name, paper)
    judged = "judgement: The insurer pays for the second half of the wall's risk"
    wall = meeting.on("Flood wall", "override-score")
    meeting.does("manager", wall, judged, scoring_model=VALUE, score="90")
    meeting.writes_down("project.score_overridden.v1", judged, "Flood wall", TOWN)
    for scenario, model in ((FAST, SPEED), (WORTHY, VALUE), ("The lawful list", VALUE)):
        meeting.thinks_about(scenario, model)
    renamed = "control: The name shall say what it is"
    meeting.does("manager", meeting.in_("The lawful list", "edit"), renamed, name=LAWFUL)
    meeting.ids[LAWFUL] = meeting.ids.pop("The lawful list")
    meeting.writes_down("scenario.edited.v1", renamed, LAWFUL)
    meeting.rules("force-in", LAWFUL, "Fire doors", LAW)
    meeting.rules("force-out", LAWFUL, "Cable car", "strategy_shift: Nobody on the board wants it above the roofs")
    meeting.rules("force-out", LAWFUL, "Ice rink", "awaiting_decision: The club has not answered")
    meeting.rules("unforce", LAWFUL, "Ice rink", "new_facts: The club has answered, let the numbers decide")
    meeting.solves(FAST, WORTHY, LAWFUL)


def march(meeting: Meeting) -> None:
    """The third list becomes the plan; what the other two would have chosen is kept beside it."""
    meeting.meets("2026-03-02")
    early = meeting.asks("chair", meeting.on("Fire doors", "select"), LAW)
    assert early.status_code == 403, "the board chooses by the whole list, not one by one"
    page = {"title": LAWFUL, "url": f"https://westhaven.example/scenarios/{meeting.ids[LAWFUL]}"}
    alternatives = [{"title": FAST, "note": "Small things only"}, {"title": WORTHY, "note": "Without the fire doors"}]
    meeting.does(
        "chair",
        meeting.in_(LAWFUL, "commit"),
        CHOSEN,
        rationale={"evidence": [page], "alternatives": alternatives},
    )
    late = meeting.asks("deputy", meeting.in_(WORTHY, "commit"), CHOSEN)
    assert (late.status_code, "difference" in late.json()) == (409, True)


def june(meeting: Meeting) -> None:
    """Two reversals, each of the decision it takes back."""
    meeting.meets("2026-06-01")
    refused = next(each for each in meeting.why("Market roof") if each["fact"] == "project.not_selected.v1")
    wanted = meeting.on("Market roof", "select")
    short = meeting.asks("manager", wanted, SECOND_LOOK)
    assert (short.status_code, short.json()["budget"]) == (409, pounds(BUDGET))
    force_in = {"code": "mandate", "text": "The council voted the half million on Thursday, the line comes on Monday"}
    meeting.does("manager", wanted, SECOND_LOOK, rationale={"supersedes": refused["event_id"]}, force_in=force_in)
    meeting.writes_down("project.forced_in.v1", f"{force_in['code']}: {force_in['text']}", "Market roof", TOWN)
    meeting.writes_down("project.selected.v1", SECOND_LOOK, "Market roof")
    chosen = next(each for each in meeting.why("School meals") if each["fact"] == "project.selected.v1")
    back = meeting.on("School meals", "deselect")
    meeting.does("chair", back, TAKEN_BACK, rationale={"supersedes": chosen["event_id"]})
    meeting.writes_down("project.deselected.v1", TAKEN_BACK, "School meals")
