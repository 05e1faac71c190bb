"""Paper and sheets: PDF through Typst, Code 128, XLSX and CSV.

Knows no flow: what a paper says is written in the desk that prints it.
"""
