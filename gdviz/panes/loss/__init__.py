"""The loss against the step."""
