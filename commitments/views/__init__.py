"""Pages about statements that need nothing from the apps above."""
