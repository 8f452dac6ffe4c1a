"""Whether an agent does what its business expects: scenarios played against the model."""
