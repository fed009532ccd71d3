"""Differentiable losses over named parameters, and the data of those that have data."""
