"""Pages of after-sale: the cases, the money, the warehouse's station for returns, the policy."""
