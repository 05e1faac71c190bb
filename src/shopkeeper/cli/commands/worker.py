"""`shopkeeper worker`: event readers, sweeper, errands and jobs, until it is told to stop."""

from shopkeeper.cli.installation import working_on


def worker() -> int:
    """Do the shop's work in the background: react to events, sweep deadlines, run errands and jobs."""
    with working_on(scratch=False, keep=False):
        from shopkeeper.config.worker import main

        return int(main() or 0)
