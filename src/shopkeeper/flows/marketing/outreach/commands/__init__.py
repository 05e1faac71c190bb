"""The steps of outreach (M1.2): consent, and mailings from draft to the last recipient."""
