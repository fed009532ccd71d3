"""Analyses of runs and problems: limits, verdicts, range tests and maps."""
