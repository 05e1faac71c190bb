"""A report as an answer: page, PDF and XLSX are made of the same paper."""
