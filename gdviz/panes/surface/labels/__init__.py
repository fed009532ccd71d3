"""Names, notes and the legend: where they stand, and their images."""
