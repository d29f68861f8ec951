"""What everyone may read: the register, and what was published."""
