"""The panes of a range test: the loss against the learning rate, and the suggested rates."""
