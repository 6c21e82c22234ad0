"""The sample and the simulated year: the same acts as in every door, driven by a plan and a seed."""
