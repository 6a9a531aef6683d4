"""cictrack: a local register of what drifts in children's services, and what is late in it today."""

__version__ = "0.1.0"
