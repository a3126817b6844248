"""Eligibility and cash: on the screen, and as a folder of tables, page and workbook."""
