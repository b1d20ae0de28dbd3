"""Scores and states in, estimates and counts out."""
