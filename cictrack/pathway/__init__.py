"""What a register is made of, and the pure engine that turns a case's events into deadlines.

Nothing here reads a clock, a file or a database: days and events come in, rows go out. `evaluate`
never refuses anything; what cannot be is a finding, and the command line refuses what would be one.
"""
