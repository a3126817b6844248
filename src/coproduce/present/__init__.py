"""What people see: the command, the report and the workbook; computes nothing that the results do not hold."""
