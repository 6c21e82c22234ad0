"""Reading only: what lists and shows, at the terminal and on pages. Nothing here writes, and nothing decides."""
