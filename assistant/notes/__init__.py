"""Notes: what the centre says of notions and obligations, in files that come with the product or that staff write."""
