"""What people do so that nothing is forgotten: cadences, corrections of reports, reviews of the portfolio."""

from tests.stories.year.entries import Review
from tests.stories.year.office import Colleague
from tests.stories.year.proposing import TOWN


class Reviewing(Colleague):
    """Verbs about reports and reviews."""

    def asks_more_often(self, project: str, days: int, because: str) -> None:
        """How a project is doing has to be said every so many days, whatever the policy asks."""
        self.asks(f"/projects/{self.office.ids[project]}/set-cadence", because, cadence_days=days)
        self.office.ledger.now.components[project].cadence = days
        self.minutes("project.cadence_set.v1", because, project)

    def corrects_report(self, project: str, overall: str, text: str, path_to_green: str | None = None) -> None:
        """The last report was wrong; it stays, and this one holds in its place."""
        path = f"/projects/{self.office.ids[project]}/status-updates"
        wrong = self.reads(path)["items"][0]["event_id"]
        self.asks(path, overall=overall, text=text, path_to_green=path_to_green, supersedes=wrong)
        self.office.ledger.now.components[project].health = overall
        self.office.ledger.now.tells_reviews(project)
        self.minutes("project.status_reported.v1", None)

    def opens_review(self, name: str) -> None:
        """The board looks at everything that asks for attention; what that is now stays the agenda."""
        path = f"/portfolios/{self.office.ids[TOWN]}"
        self.asks(f"{path}/open-review", name=name)
        standing = self.office.ledger.now
        agenda = standing.asks_for_attention(TOWN, self.office.when[:10])
        review = self.reads(f"{path}/reviews")["items"][0]["id"]
        standing.reviews.append(Review(review, name, agenda, len(self.office.ledger.minutes)))
        self.minutes("portfolio.review_opened.v1", None)

    def closes_review(self, conclusion: str) -> None:
        """The review is over; its minutes are what was decided in it."""
        self.asks(f"/portfolios/{self.office.ids[TOWN]}/close-review", conclusion=conclusion)
        review = self.office.ledger.now.reviews[-1]
        review.last, review.conclusion = len(self.office.ledger.minutes), conclusion
        self.minutes("portfolio.review_closed.v1", None)
