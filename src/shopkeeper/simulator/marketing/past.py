"""Campaign people in the demo's past: a day of one kind of goods from plan to template, and one that runs today.

It ends with a live campaign whose conversion fell and whose lamps run short, and with a plan to approve.
"""

from datetime import datetime, timedelta

from shopkeeper.simulator.marketing.craft import HOURS_TODAY, CraftDays
from shopkeeper.simulator.marketing.knives import KnifeDay


class MarketingPast(KnifeDay, CraftDays):
    """What happens around campaigns, put on the agenda before time moves."""

    def plan(self, until: datetime) -> None:
        """Put everything on the agenda; what would come after `until` never happens."""
        whole = (until - timedelta(minutes=12)).replace(minute=0, second=0, microsecond=0)
        self.begins = whole - timedelta(hours=HOURS_TODAY)
        self.plan_knives()
        self.plan_craft()
        self.scenes.at(until - timedelta(minutes=95), self.next_submitted)
