"""Pure judgement of conversations: clocks, lines, identities, who gets what. No Django, no clock."""
