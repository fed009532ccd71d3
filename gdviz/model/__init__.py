"""What is shown and when: the run in its thread, the playback, and the frames made of them."""
