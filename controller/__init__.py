"""The controller: decides, records and reports."""
