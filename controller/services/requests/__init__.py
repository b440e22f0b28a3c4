"""Requests of devices and pages, turned into commands."""
