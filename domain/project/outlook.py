"""What lies ahead of a component: risks and milestones, what it needs from others, what it is to bring."""

from dataclasses import dataclass, field

from domain.kernel.event import Event, Recorded
from domain.project.benefit_events import BenefitFact
from domain.project.benefits import Benefits
from domain.project.milestones import Milestones
from domain.project.needs import Needs
from domain.project.register import Register
from domain.project.register_events import RegisterFact
from domain.project.schedule_events import DependencyFact, MilestoneFact


@dataclass
class Outlook:
    """Each part decides for itself and takes its own facts in."""

    register: Register = field(default_factory=Register)
    milestones: Milestones = field(default_factory=Milestones)
    needs: Needs = field(default_factory=Needs)
    benefits: Benefits = field(default_factory=Benefits)

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in, if it is about any of this."""
        match event:
            case RegisterFact():
                self.register.apply(event, fact)
            case MilestoneFact():
                self.milestones.apply(event, fact)
            case DependencyFact():
                self.needs.apply(event, fact)
            case BenefitFact():
                self.benefits.apply(event, fact)
