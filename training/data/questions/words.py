"""What the rules know of single words: closed lists, and WordNet's answers."""

import re
from functools import cache

from nltk.corpus.reader.wordnet import NOUN, VERB, Synset

from training.metrics.wordnet import dictionary

COLORS = frozenset("red orange yellow green blue purple pink brown black white gray".split())

NUMBERS = {word: word for word in "two three four five six seven eight nine ten".split()}
NUMBERS |= {str(n): word for n, word in enumerate(NUMBERS, 2)}

# One word for one thing: as answers, and as the name of an object that is asked for (as in COCO-QA).
SYNONYMS = {
    "aircraft": "airplane",
    "cellphone": "phone",
    "cellphones": "phones",
    "doggy": "dog",
    "motorbike": "motorcycle",
    "motorbikes": "motorcycles",
    "plane": "airplane",
    "planes": "airplanes",
    "racquet": "racket",
}

# A bike is a bicycle where no caption speaks of a motor.
MOTORS = frozenset("dirt motor motorized motorcycle motorbike motocross moped engine racer atv".split())

# Spellings that captions mix, and slips that are frequent in them.
SPELLINGS = {
    "busses": "buses",
    "colour": "color",
    "coloured": "colored",
    "doughnut": "donut",
    "doughnuts": "donuts",
    "frizbee": "frisbee",
    "grey": "gray",
    "hotdog": "hot dog",
    "infront": "in front",
    "siting": "sitting",
    "ridding": "riding",
    "runing": "running",
    "wearinga": "wearing a",
    "whilst": "while",
    "&": "and",
}

# Letters (see `tagger.Token`) of words that the tagger does not know, or that mean one thing in captions.
LETTERS = {
    **dict.fromkeys(COLORS, "K"),
    **dict.fromkeys("is are was were am".split(), "B"),
    **dict.fromkeys("be been being".split(), "Z"),
    **dict.fromkeys("has have had does do did can could will would".split(), "A"),
    **dict.fromkeys("while as because when that since until so if where who which than after before".split(), "L"),
    **dict.fromkeys("men women people children feet pants shorts glasses sunglasses skis cattle sheep".split(), "S"),
    **dict.fromkeys("trunks shoes clothes goggles jeans headphones stairs steps bleachers hands legs".split(), "S"),
    **dict.fromkeys("frisbee sled stroller helmet oven puck ski tennis background wetsuit hoodie atv".split(), "N"),
    **dict.fromkeys("someone something biker snow ice water dog boy girl man woman child background".split(), "N"),
    **dict.fromkeys("shirtless snowy grassy sandy furry wooded striped haired colored stuffed".split(), "J"),
    **dict.fromkeys("bearded fallen crowded bald barefoot leafy pointy fenced muzzled patterned".split(), "J"),
    **dict.fromkeys("many several various multiple numerous few".split(), "D"),
    **dict.fromkeys("towards toward beside underneath past near along across onto atop".split(), "P"),
    **dict.fromkeys("outside inside beneath between behind above below through around".split(), "P"),
    **dict.fromkeys("indoors outdoors outside together away sideways upside backwards onstage".split(), "R"),
    "not": "Z",
    "n't": "Z",
    "no": "Z",
    "alike": "Z",
    "without": "Z",
    "like": "Z",
    "each": "Z",
}

# What the tagger may call a preposition.
SINGLE_PREPOSITIONS = frozenset(
    """in on with of at through by over near for into from behind down outside around across along next out under off
    above during against onto beside inside towards past up toward between below among atop underneath beneath alongside
    within upon amid beyond amongst astride besides amidst aboard via""".split()
)

# Words that work as one; longer ones first. A quantity is a determiner: "a bunch of bananas" is about bananas.
_PREPOSITIONS = re.split(
    r"\|\s*",
    """in front of|on top of|next to|close to|out of|in between|at the edge of|on the edge of|
    on the side of|in the middle of|on the back of|at the top of|on the bank of|in the back of|in back of|
    on the shore of|in the shade of|in the corner of|inside of|outside of|off of|on board|at the end of|at the bottom of|
    on the other side of|in the air over|in the air above|up to|because of|instead of|ahead of|away from|along with""",
)
_QUANTITIES = re.split(
    r"\|\s*",
    """a group of|a bunch of|a lot of|lots of|a couple of|a number of|a variety of|a pair of|a crowd of|
    a large group of|a small group of|a herd of|a flock of|a line of|a row of|a pile of|an assortment of|two pairs of|
    a pack of|a team of|a set of|a collection of|groups of|hundreds of|dozens of|plenty of|a few|a stack of""",
)
PHRASES: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _phrases, _letter in ((_PREPOSITIONS, "P"), (_QUANTITIES, "D")):
    for _phrase in sorted((tuple(p.split()) for p in _phrases), key=len, reverse=True):
        PHRASES.setdefault(_phrase[0], []).append((_phrase, _letter))
GROUPS = frozenset(p for p in _QUANTITIES if p.split()[-2] in ("group", "crowd", "herd", "flock", "pack", "team"))

# Singular nouns that go with "are" as well.
COLLECTIVES = frozenset("couple team family crowd group pair band audience police bunch trio".split())

# Past participles that say how a thing is: "a bus parked in a lot". Other past forms are verbs.
PARTICIPLES = frozenset(
    """attached covered decorated displayed docked dressed filled gathered hung located lined loaded mounted parked
    perched piled placed posed seated set stacked stuck surrounded suspended tied topped wrapped crowded huddled lit
    strapped buried painted served""".split()
)

# Adverbs that belong to their verb: "lies down".
PARTICLES = frozenset("up down out off away together around over back along by".split())
# With these verbs "up" and "on" lead on to a place.
_MOTIONS = frozenset("walk climb run ride hike go ski slide bicycle jog skate race drive roll".split())
# Determiners that become "the".
INDEFINITE = frozenset(("a few", *"a an some several many few various multiple numerous both all the".split()))

# Pronouns whose noun a question would leave out, and subjects that say nothing.
LOOSE = frozenset("him them it himself itself herself themselves one ones other another others".split())
NOBODY = frozenset("someone something somebody everyone others one side front top back part".split())

# Determiners that speak of more than one.
OTHERS = frozenset("another other each second every no any".split())

# "A picture of a dog": subjects that are not in the photo.
PICTURES = frozenset("picture photo photograph image view shot closeup close-up scene snapshot".split())

# Words between a colour and its noun that take the colour for themselves: "red striped shirt".
PATTERNS = frozenset("striped spotted checkered plaid trimmed haired headed faced trim accents collared".split())

# "A toy car" is no car.
NO_REALS = frozenset(
    """toy stuffed teddy fake plastic inflatable rubber ceramic model carved statue sculpture painted cardboard paper
    cartoon plush""".split()
)

# Objects by their other name in questions about presence.
NAMES = {
    "airplane": ("airplane", "plane"),
    "phone": ("phone", "cell phone"),
    "motorcycle": ("motorcycle", "motorbike"),
}
# Mentioned like objects, but hard to tell from their like, or nothing to point at.
UNASKED = frozenset(
    "couple crowd team group pair band family player person kid adult animal toy vehicle food santa thumb pit".split()
)
# A caption with one of these may name what is not there.
NEGATIONS = frozenset("no not n't without never nothing missing prohibiting prohibited like unlike".split())
# Colours that are no answer, but contradict one.
OTHER_COLORS = frozenset(
    """tan blond blonde golden gold silver maroon beige turquoise colorful multicolored multi-colored striped spotted
    bright-colored brightly-colored rainbow plaid checkered dark-colored light-colored neon lime""".split()
)
# Pronouns for people.
PERSONAL = frozenset("he she his her him they their".split())
# People whom WordNet does not know as such.
_PEOPLE = frozenset(
    """people crowd someone biker team couple family male female climber racer rollerblader kayaker skiier pair group
    windsurfer wakeboarder band audience police""".split()
)

# Nouns that WordNet calls things, and a photo's caption does not.
_NO_THINGS = frozenset(
    """back top side bottom front end edge middle center corner part piece set pair row line pile bunch group
    picture photo photograph shot view image scene closeup close-up background foreground distance way area place
    position dance match game stand watch catch play jump run walk slide swing turn break block base home body air
    midair outdoors outside inside left right surface structure object thing things item items something stuff land
    direction spot location space setting display arrangement half stretch reach cover cut lead color colors light
    sun sky day night time race course medium face head hand hands arm arms leg legs foot feet eye eyes mouth ear
    nose tongue hair tail neck lap chest stomach skin paw paws fur creation style gear equipment attire clothing
    clothes outfit costume uniform suit ground floor landscape flies help rest lot round
    fight act move surf wave kind type sort variety number collection shape pattern design stripes plaid denim
    leather wood metal plastic cotton glow dark shade shadow reflection midst landing climb gather cross dig digs ride
    downhill uphill rapid orange spray""".split()
)

# The meaning that a caption intends, where WordNet's first is another.
_MEANINGS = {
    "bat": "bat.n.05",
    "bicycle": "bicycle.n.01",
    "board": "board.n.03",
    "bow": "bow.n.04",
    "court": "court.n.04",
    "crane": "crane.n.04",
    "glass": "glass.n.02",
    "jersey": "jersey.n.03",
    "kite": "kite.n.03",
    "racket": "racket.n.04",
    "sign": "signboard.n.01",
    "stroller": "baby_buggy.n.01",
    "table": "table.n.02",
    "van": "van.n.05",
}

_THINGS = ("artifact.n.01", "animal.n.01", "food.n.01", "food.n.02", "plant.n.02", "fruit.n.01", "vegetable.n.01")
_LANDS = ("geological_formation.n.01", "body_of_water.n.01", "water.n.01", "snow.n.01", "rock.n.01", "sand.n.01")

# Where something can be: answers to "where".
PLACES = frozenset(
    """airport alley attic backyard balcony barn basement basket bath bathroom bathtub beach bed bedroom bench bowl box
    bridge building bus bush cabinet cafe cage canoe car carpet cart chair church city classroom cliff closet
    couch counter court courtyard creek crib dirt ditch dock driveway desert desk door doorway dumpster elevator
    enclosure fence field floor forest fountain garage garden gate grass gravel gym hall hallway harbor highway hill
    hillside house ice intersection jungle kayak kitchen lake lawn ledge library log lot mall market meadow
    mirror mountain mud museum oven ocean office paddock park pasture patio path pavement pen pier plate platform
    playground playpen pond pool porch pot puddle raft railing rink river road rock roof room rug runway sand
    sea shelf shop shore sidewalk sink ski slope snow sofa stable stadium stage stairs station steps stool store
    stream street stroller suitcase swamp swing tarmac table tent toilet towel town track trail train trampoline
    tree truck tub tunnel tub vase wagon wall water waterfall wheelchair window woods yard zoo""".split()
)

# They have no plural, or none that counts.
MASS = frozenset(
    """beer bread broccoli cheese chocolate clothing coffee corn dirt equipment fire food fruit furniture graffiti grass
    hay ice lettuce luggage meat milk mud paper rain rice sand smoke snow traffic trash water wine wood""".split()
)
_PLURAL_ONLY = frozenset(
    """bleachers clothes glasses goggles headphones jeans overalls pajamas pants people scissors shorts skis stairs steps
    sunglasses tights trunks woods fries""".split()
)
_IRREGULAR = {
    "children": "child",
    "feet": "foot",
    "geese": "goose",
    "knives": "knife",
    "leaves": "leaf",
    "men": "man",
    "mice": "mouse",
    "oxen": "ox",
    "teeth": "tooth",
    "wolves": "wolf",
    "women": "woman",
}
_NO_GERUNDS = frozenset(
    """building ceiling clothing crossing evening painting railing king morning ring spring string swing thing wedding
    wing landing earring dumpling something anything nothing everything lightning pudding during""".split()
)


@cache
def singular(noun: str) -> str:
    """The singular of a plural noun: "men" → "man", "buses" → "bus"; what has none stays as it is."""
    if noun in _IRREGULAR or noun in _PLURAL_ONLY or not noun.endswith("s"):
        return _IRREGULAR.get(noun, noun)
    stems = [noun[:-3] + "y"] if noun.endswith("ies") else []
    stems += [noun[:-1], noun[:-2]] if noun.endswith("es") else [noun[:-1]]
    return next((stem for stem in stems if dictionary().synsets(stem, NOUN)), noun)


def plural(noun: str) -> str:
    """The plural of a noun in the singular."""
    for several, one in _IRREGULAR.items():
        if one == noun:
            return several
    if noun in _PLURAL_ONLY or noun in ("sheep", "cattle", "fish", "deer"):
        return noun
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def is_plural_only(noun: str) -> bool:
    """Whether the noun has no singular: "scissors"."""
    return noun in _PLURAL_ONLY


def article(noun: str) -> str:
    """The indefinite article."""
    return "an" if noun[0] in "aeiou" and not noun.startswith(("uni", "eu", "one")) else "a"


@cache
def infinitive(verb: str) -> str:
    """The base of a verb form, as WordNet knows it: "rides" → "ride"."""
    return dictionary().morphy(verb, VERB) or verb


def is_preposition(particle: str, verb: str) -> bool:
    """Whether a particle before a noun is a preposition: "walks up the stairs", but "holds up a sign"."""
    return particle not in ("up", "off", "out", "on", "in") or (
        particle in ("up", "on") and infinitive(verb) in _MOTIONS
    )


def is_verb(word: str) -> bool:
    """Whether the word is the base of a verb."""
    return infinitive(word) == word and bool(dictionary().synsets(word, VERB))


def is_third_person(word: str) -> bool:
    """Whether the word can be a verb in the third person: "runs"."""
    return word.endswith("s") and infinitive(word) != word


def is_gerund(word: str) -> bool:
    """Whether the word can be a gerund: "barking", and neither "ring" nor "building"."""
    return word.endswith("ing") and word not in _NO_GERUNDS and infinitive(word) != word


@cache
def meanings(noun: str) -> tuple[Synset, ...]:
    """What a noun (in the singular) may mean in a caption: the one known, or those of WordNet's two most frequent meanings
    that are of one sort, people or things."""
    if noun in _MEANINGS:
        return (dictionary().synset(_MEANINGS[noun]),)
    first, *second = dictionary().synsets(noun.replace(" ", "_"), NOUN)[:2] or (None,)
    if first is None:
        return ()
    return (first, *(meaning for meaning in second if _sort(meaning) == _sort(first)))


def _sort(meaning: Synset) -> str:
    above = {synset.name() for synset in ancestors(meaning)}
    return "person" if "person.n.01" in above else "thing" if above & {*_THINGS, *_LANDS} else "other"


@cache
def ancestors(meaning: Synset) -> frozenset[Synset]:
    """The meaning itself and all its hypernyms."""
    return frozenset(meaning.closure(lambda s: s.hypernyms() + s.instance_hypernyms())) | {meaning}


def _is_under(noun: str, roots: tuple[str, ...], depth: int) -> bool:
    tops = {dictionary().synset(root) for root in roots}
    return any(tops & ancestors(meaning) for meaning in meanings(noun)[:depth])


@cache
def is_person(noun: str) -> bool:
    """Whether a noun (in the singular) names people."""
    return noun in _PEOPLE or _is_under(noun, ("person.n.01",), 1)


@cache
def is_thing(noun: str) -> bool:
    """Whether a noun (in the singular) names an object, animal, plant or food that one can point at."""
    return noun not in _NO_THINGS and not is_person(noun) and _is_under(noun, _THINGS + _LANDS, 2)


def is_counted(noun: str) -> bool:
    """Whether it makes sense to ask how many there are of a noun (in the singular)."""
    return noun in ("man", "woman", "boy", "girl") or (is_thing(noun) and noun not in MASS | _PLURAL_ONLY | PLACES)


@cache
def has_color(noun: str) -> bool:
    """Whether a noun (in the singular) can be asked for its colour."""
    return noun in ("hair", "shirt", "grass", "fur", "suit", "uniform", "outfit", "costume") or is_thing(noun)


@cache
def is_actor(noun: str) -> bool:
    """Whether a noun in either number can do something: people, animals, vehicles and what flies."""
    noun = singular(noun)
    return is_person(noun) or _is_under(noun, ("animal.n.01", "conveyance.n.03", "ball.n.01"), 1)


def is_unknown(noun: str) -> bool:
    """Whether WordNet lacks the word: often a breed, or a person by what they do."""
    return not dictionary().synsets(noun)


@cache
def is_compound(*nouns: str) -> bool:
    """Whether WordNet lists the nouns as one word: "bathing suit"."""
    return bool(dictionary().synsets("_".join((*nouns[:-1], singular(nouns[-1]))), NOUN))


@cache
def is_its_head(modifier: str, head: str) -> bool:
    """Whether "modifier head" is a head at all: a fire hydrant is a hydrant, but no hot dog is a dog."""
    compounds = dictionary().synsets(f"{modifier}_{head}", NOUN)
    return not compounds or any(set(meanings(head)) & ancestors(compound) for compound in compounds)
