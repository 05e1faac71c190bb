"""Commands of the desk conversations: one file per step."""
