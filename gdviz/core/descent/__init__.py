"""The one descent loop, its rules and schedules, and the recording that it fills."""
