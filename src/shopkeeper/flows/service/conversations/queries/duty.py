"""Whether somebody is on duty in a shop just now."""

from shopkeeper.flows.service.tickets.rules.clocks import duty_spans, on_duty
from shopkeeper.foundation import business_time
from shopkeeper.sop.policy import clock_times, read_policies


def is_on_duty(shop_id: int) -> bool:
    spans = duty_spans(clock_times(read_policies()("service_duty_hours", shop_id)))
    return on_duty(business_time.now(), spans)
