"""Pure judgement on materials and at the gate: colours, films, claims in copy, the gate's checks."""
