"""What can be said of a run or a problem: limits, verdicts, range tests and maps."""
