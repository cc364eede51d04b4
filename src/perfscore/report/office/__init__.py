"""What Word and spreadsheet files are made of, for the formats `docx` and `xlsx`; only they import it, when they are asked for."""
