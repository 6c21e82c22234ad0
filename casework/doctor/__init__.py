"""The data invariants: what must hold whatever acts were done, each with words for what is wrong and how to mend it."""
