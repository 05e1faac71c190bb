"""The paper of M3.1: 《活动监控表》 as PDF and XLSX, with the same figures as the page."""
