"""The control panel, the learning-rate slider, the playback bar and the list of scenarios."""
