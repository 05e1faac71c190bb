"""Surveys for auditors: whether anybody was asked twice about one matter."""

from django.db.models import Count

from shopkeeper.flows.service.feedback.models import Survey


def surveys_doubled() -> int:
    """How many tickets, and cases without one, have more than one survey."""
    tickets = Survey.objects.exclude(ticket=None).values("ticket_id").annotate(n=Count("id")).filter(n__gt=1)
    cases = Survey.objects.exclude(case=None).values("case_id").annotate(n=Count("id")).filter(n__gt=1)
    return tickets.count() + cases.count()
