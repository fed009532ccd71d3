"""The tape: every operation of a step, and the gradient that arrives at each."""
