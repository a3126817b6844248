"""The stress test as the user meets it: the command, the screen, the workbook and the page."""
