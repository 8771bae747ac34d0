"""Bad habits of a partner's integration, seeded into the example app one at a time: each is caught by the rule meant
for it, and the app without them breaks none."""
