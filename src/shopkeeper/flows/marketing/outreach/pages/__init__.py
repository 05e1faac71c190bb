"""Pages of outreach: mailings, and consent."""
