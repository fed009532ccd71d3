"""The mathematics of gdviz: data, problems, optimizers and the one descent loop; NumPy only."""
