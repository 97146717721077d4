"""The changes a person can make, one function each: applied, recorded and published in one transaction."""
