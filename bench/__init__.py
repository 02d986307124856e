"""The measurements: ``make bench``."""
