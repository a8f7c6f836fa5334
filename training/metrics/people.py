"""Words for people's gender and age, to count how often a model names the wrong one."""

GROUPS = {
    "female": frozenset("woman women girl girls lady ladies female females bride mother she her".split()),
    "male": frozenset("man men boy boys guy guys gentleman male males groom father he his him".split()),
    "child": frozenset("child children kid kids boy boys girl girls baby babies toddler toddlers infant".split()),
    "adult": frozenset("man men woman women lady ladies guy guys gentleman adult adults bride groom".split()),
}
OPPOSITES = (("female", "male"), ("male", "female"), ("child", "adult"), ("adult", "child"))


def is_mistaken(words: set[str], group: str, opposite: str) -> bool:
    """Whether words about somebody of a group name the opposite one, and not the right one."""
    return bool(words & GROUPS[opposite]) and not words & GROUPS[group]
