"""The instruments, one file of rules each; found by scanning this package."""
