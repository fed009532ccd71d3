"""One folder for each pane: its picture, built without Qt, and the widget that paints the picture."""
