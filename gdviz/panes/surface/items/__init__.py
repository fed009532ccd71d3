"""The items that draw the layers of the picture."""
