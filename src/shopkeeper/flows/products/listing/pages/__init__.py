"""Pages of products: list, record, form, pictures, categories, import."""
