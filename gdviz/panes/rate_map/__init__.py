"""The map of learning rate and number of steps."""
