"""What asked for attention at the end of each month, and what the reviews of the year made of it."""

from tests.stories.year.entries import Review
from tests.stories.year.ledger import Standing
from tests.stories.year.month_ends import MonthEnds
from tests.stories.year.proposing import TOWN


class Agendas(MonthEnds):
    """What an auditor asks about attention and reviews."""

    def what_asked_for_attention(self) -> None:
        """What was off track, late, or served nothing; how many updates were overdue."""
        seen = set()
        for day, standing in self.ledger.ends.items():
            then = {"as_of": day, "known_at": day}
            rows = self.asks_all(f"/portfolios/{self.office.ids[TOWN]}/attention", **then)
            told = {(row["reason"], row["subject"]["name"]) for row in rows}
            assert told == standing.asks_for_attention(TOWN, day), day
            seen |= {reason for reason, _ in told}
            answer = self.asks(f"/portfolios/{self.office.ids[TOWN]}", **then)
            late = [reason for reason, _ in told].count("overdue_update")
            is_asked = "update_cadence_days" in standing.rules_of(TOWN)
            assert answer["overdue_updates"] == (late if is_asked else None), day
        assert len(seen) >= 6, "every reason that months bring"

    def what_reviews_decided(self) -> None:
        """The agenda of each review as it was frozen, its minutes, and what nobody touched."""
        path, kept = f"/portfolios/{self.office.ids[TOWN]}/reviews", self.ledger.now.reviews
        assert [each["name"] for each in self.asks_all(path)] == [each.name for each in reversed(kept)]
        for review in kept:
            answer = self.asks(f"{path}/{review.id}")
            told = {(item["reason"], item["subject"]["name"]) for item in answer["agenda"]}
            assert told == review.agenda, review.name
            assert answer["conclusion"] == review.conclusion
            decided = [(each["fact"], each["code"], each["text"]) for each in answer["minutes"]["decisions"]]
            assert decided == self._decided_in(review), review.name
            untouched = {subject["name"] for subject in answer["minutes"]["untouched"]}
            assert untouched == {name for _, name in review.agenda} - self._named_in(review) - review.reported

    def what_was_chosen_by_analysis(self) -> None:
        """What was weighed is kept with its result, and what was selected rests on it."""
        for made, choice in self.ledger.now.choices.items():
            answer = self.asks(f"/analyses/{made}")
            selected = {each["project"] for each in answer["result"]["selected"]}
            assert selected == choice.best()
            for name in selected:
                decisions = self.asks_all(f"/projects/{self.office.ids[name]}/why")
                (evidence,) = next(each for each in decisions if each["fact"] == "project.selected.v1")["evidence"]
                assert evidence["sha256"] == answer["sha256"], name

    def _decided_in(self, review: Review) -> list[tuple[str, str, str]]:
        """What was minuted about the town, its goals and what it holds, while the review was open."""
        here = self._here(self.ledger.now)
        inside = self.ledger.minutes[review.first : review.last]
        return [(each.fact, each.code, each.text) for each in inside if here & each.about]

    def _named_in(self, review: Review) -> set[str]:
        inside = self.ledger.minutes[review.first : review.last]
        return {self.names[each] for minute in inside for each in minute.about if each in self.names}

    def _here(self, standing: Standing) -> set[str]:
        names = [TOWN, *standing.goals, *standing.ranking(TOWN)]
        return {self.office.ids[name] for name in names}
