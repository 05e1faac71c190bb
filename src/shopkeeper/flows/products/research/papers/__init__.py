"""The paper of P1.2: 《商品选品清单》 as PDF and XLSX, with the same numbers as the page."""
