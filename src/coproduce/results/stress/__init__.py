"""What a stress test gives: its chunks on disk, its tables, and the run that makes them."""
