"""The things in the picture, each drawn by an item of its own."""
