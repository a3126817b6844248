"""Spoils example programmes in one place each, as people, programs and disks do, and judges what is said of it."""
