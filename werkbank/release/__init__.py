"""What leaves the house and what is destroyed: sharing in steps, purging in time, a data subject's request."""
