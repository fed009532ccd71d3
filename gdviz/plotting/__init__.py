"""What all plots share: panes, axes, ticks, text, legends and caches."""
