"""Labels, notes and the legend: their placement and their images."""
