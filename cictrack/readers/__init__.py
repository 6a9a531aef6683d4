"""Readers: files that others made, turned into events and refusals. No SQL, and nothing is guessed."""
