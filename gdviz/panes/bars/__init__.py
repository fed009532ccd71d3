"""The lines of text above and below the panes."""
