"""Programs that try by chance what nobody would think of; `make fuzz` lets them try for long."""
