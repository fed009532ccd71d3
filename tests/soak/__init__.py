"""A window used at random for long, and what must be left of it; `make soak` lets it run for as long as asked."""
