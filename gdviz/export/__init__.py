"""Pictures of the stage without a window: a private stage, off screen, shown the same frames."""
