"""The tree against known vectors, against another library, and with what is not true."""

from hashlib import sha256

import pytest
from pymerkle import InmemoryTree

from portal.transparency import tree

# The tree of eight leaves in the tests of Certificate Transparency (google/certificate-transparency).
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [tree.leaf(content) for content in INPUTS]


def root(leaves):
    edge = tree.Edge()
    for content in leaves:
        edge.add(content)
    return edge.root()


def spans(leaves, wanted):
    return [root(leaves[start:end]) for start, end in wanted]


def test_known_roots():
    assert tree.EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root([]) == tree.EMPTY
    assert [root(LEAVES[:size]).hex() for size in range(1, 9)] == ROOTS


def test_known_proofs():
    """The paths that RFC 6962 section 2.1.3 names for its tree of seven leaves (a…n)."""
    leaves = LEAVES[:7]
    a, b, c, d, e, f, j = leaves
    g, h, i = tree.parent(a, b), tree.parent(c, d), tree.parent(e, f)
    k, l = tree.parent(g, h), tree.parent(i, j)  # noqa: E741 -- the letters of the RFC
    paths = {0: [b, h, l], 3: [c, g, l], 4: [f, j, k], 6: [i, k]}
    for index, path in paths.items():
        assert spans(leaves, tree.inclusion(index, 7)) == path
    continued = {3: [c, d, g, l], 4: [l], 6: [i, j, k], 7: []}
    for old, path in continued.items():
        assert spans(leaves, tree.consistency(old, 7)) == path


def test_the_same_as_pymerkle():
    """Roots and inclusion of every size up to 40; its proofs of consistency are not the RFC's."""
    other = InmemoryTree(algorithm="sha256")
    leaves = []
    for size in range(1, 41):
        content = f"leaf {size}".encode()
        other.append_entry(content)
        leaves.append(tree.leaf(content))
        assert other.get_root(size) == root(leaves)
        for index in range(size):
            base, *path = other.prove_inclusion(index + 1, size).path
            assert (base, path) == (leaves[index], spans(leaves, tree.inclusion(index, size)))


def test_every_true_proof_holds_and_every_bent_one_falls():
    leaves = [sha256(bytes([n])).digest() for n in range(20)]
    roots = [root(leaves[:size]) for size in range(21)]
    for size in range(1, 21):
        for index in range(size):
            path = spans(leaves, tree.inclusion(index, size))
            assert tree.is_included(leaves[index], index, size, path, roots[size])
            assert not tree.is_included(bytes(32), index, size, path, roots[size])
            assert not tree.is_included(leaves[index], index, size, path, roots[size - 1])
            assert not tree.is_included(leaves[index], size, size, path, roots[size])
            more = [*path, roots[1]]
            assert not tree.is_included(leaves[index], index, size, more, roots[size])
            for at in range(len(path)):
                assert not tree.is_included(
                    leaves[index], index, size, path[:at] + path[at + 1 :], roots[size]
                )
        for old in range(1, size + 1):
            path = spans(leaves, tree.consistency(old, size))
            assert tree.is_consistent(old, size, path, roots[old], roots[size])
            assert not tree.is_consistent(old, size, path, roots[old - 1], roots[size])
            assert not tree.is_consistent(old, size, path, roots[old], roots[size - 1])
            assert not tree.is_consistent(old, size, [*path, roots[1]], roots[old], roots[size])
            for at in range(len(path)):
                bent = [*path[:at], bytes(32), *path[at + 1 :]]
                assert not tree.is_consistent(old, size, bent, roots[old], roots[size])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 2)])
def test_no_proof_of_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion(index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 1)])
def test_no_proof_of_a_tree_that_shrinks(old, new):
    with pytest.raises(ValueError, match="does not continue"):
        tree.consistency(old, new)


def test_an_edge_goes_on_where_it_ended():
    leaves = [sha256(bytes([n])).digest() for n in range(30)]
    for size in range(30):
        peaks = [
            root(leaves[start << level : start + 1 << level])
            for level, start in tree.nodes_of((0, size))
        ]
        edge = tree.Edge(size, peaks)
        made = [node for content in leaves[size:] for node in edge.add(content)]
        assert edge.root() == root(leaves)
        for (level, index), content in made:
            assert content == root(leaves[index << level : index + 1 << level])
