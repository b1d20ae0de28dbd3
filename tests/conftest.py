"""Shared by every test: what a test may require of the machine."""
