"""The pages, by reader: everyone, those who write for a member, the secretariat."""
