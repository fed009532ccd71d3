"""The analytic solution."""
