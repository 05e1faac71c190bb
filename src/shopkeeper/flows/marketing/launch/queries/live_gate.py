"""What planning asks of this desk: may a campaign go live, and what is there for it."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.ports import NO_GATE, MaterialLine
from shopkeeper.flows.marketing.launch.queries.standing import standings
from shopkeeper.flows.marketing.launch.sql import gates as sql
from shopkeeper.flows.marketing.launch.sql import standing as standing_sql
from shopkeeper.flows.marketing.launch.states import OPEN_GATES, GateState
from shopkeeper.foundation import business_time

_CLOSED: Mapping[str, str] = {
    GateState.RUNNING: "gate_running",
    GateState.RED: "gate_red",
    GateState.CLOSED: NO_GATE,
}


class TestedGate:
    """The port of campaigns: only what was tested as it stands now, and not long ago, may go live."""

    def verdicts(self, campaign_ids: Collection[int]) -> Mapping[int, str]:
        """Seven statements however many campaigns."""
        now = business_time.now()
        rows = {row.campaign_id: row for row in sql.OF_CAMPAIGNS.rows(campaigns=sorted(campaign_ids))}
        opened = standings({id_ for id_, row in rows.items() if row.state in OPEN_GATES})
        found = {}
        for id_ in campaign_ids:
            row = rows.get(id_)
            if row is None:
                found[id_] = NO_GATE
            elif row.state in OPEN_GATES:
                is_old = row.expires_at is None or row.expires_at <= now
                is_other = opened[id_].fingerprint != row.fingerprint
                found[id_] = "gate_expired" if is_old else "gate_changed" if is_other else ""
            else:
                found[id_] = _CLOSED.get(row.state, "gate_expired" if row.runs else "gate_not_tested")
        return found


class MadeMaterials:
    """The port of campaigns: the materials that were asked for."""

    def materials_of(self, campaign_ids: Collection[int]) -> Mapping[int, tuple[MaterialLine, ...]]:
        found: dict[int, tuple[MaterialLine, ...]] = {}
        for row in standing_sql.MATERIALS.rows(campaigns=sorted(campaign_ids)):
            url = reverse("launch-material", args=[row.id])
            line = MaterialLine(row.id, row.kind, row.title, row.state, row.due_at, url, row.said)
            found[row.campaign_id] = (*found.get(row.campaign_id, ()), line)
        return found
