"""Invented lives, for each register that has some in the file of its name: what a synthetic register is filled with.

They are found by looking in this folder; a register without a file here is left empty.
"""
