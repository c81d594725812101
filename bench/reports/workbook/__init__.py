"""The workbook: page one, every table behind it, and the value per case as formulas that anybody can check."""
