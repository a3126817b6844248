"""What a planner fills in: an empty workbook, tables carried from one form to another, problems marked in place."""
