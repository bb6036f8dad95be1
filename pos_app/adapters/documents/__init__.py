"""Reports as files: CSV and XLSX for calculating, PDF for reading and for the archive."""
