"""The data with their lines, or as histograms."""
