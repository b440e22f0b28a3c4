"""Metrics for Prometheus: what each is, and how its figures are collected."""
