"""The loss against the learning rate, and the rates that one would take."""
