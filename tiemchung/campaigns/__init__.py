"""Who is invited when? Campaigns, registrations, sessions, invitations."""
