"""The pane with the effective rate of each parameter: the length of its step in units of its gradient."""
