"""The paper of S3.2: 《工单日报》 as PDF and XLSX, with the same numbers as the page."""
