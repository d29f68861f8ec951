"""What those who write for a member see: their reports, the questions, checking and submitting."""
