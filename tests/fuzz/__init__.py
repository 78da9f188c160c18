"""Looks for what goes wrong for as long as one likes: ``python -m tests.fuzz``."""
