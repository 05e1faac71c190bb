"""Pure judgement about after-sale: what the policy owes, and the arithmetic of money going back."""
