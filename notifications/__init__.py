"""What we say: which act tells whom, and the words."""
