"""The centre's configuration: model, checks, calendar, procedures; pure."""
