"""Rate limits: counted in memory for one API process, in Redis for several."""
