"""Ways to count papers. Pure: equal papers with how many in, frozen results with their steps out.

Options are their indices on the paper. Nothing here draws lots and nothing rounds: sums are
integers, shares are pairs of integers, and each tie is told with what broke it, if anything did.
"""
