"""The result of a stress test: on the screen, and as a folder of tables, page and workbook."""
