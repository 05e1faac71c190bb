"""Pure judgement of service: what a ticket is about, how it goes to whom, its clocks, how an order is helped."""
