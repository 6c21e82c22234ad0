"""`thidua run`: the sample, driven to 16 June 2025 at noon, and where every dossier then stands."""
