"""What the secretariat sees: what waits, the reports to review, the rounds."""
