package records

// TakeFewHits makes the engine treat words with more than n hits as too
// frequent to be sorted, so that few records test what a million need.
func (e *Engine) TakeFewHits(n int) { e.index.many = n }
