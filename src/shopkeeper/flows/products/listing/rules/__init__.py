"""Pure judgement of products: titles, attributes, pictures, the tree, search. Values in, findings out."""
