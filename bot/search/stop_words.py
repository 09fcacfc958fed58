"""Words that do not tell what a passage is about."""

from __future__ import annotations

_CONTRACTIONS = frozenset(
    "ain't aren't can't couldn't could've didn't doesn't don't hadn't hasn't haven't he'd he'll he's here's how'd "
    "how's i'd i'll i'm i've isn't it'd it'll it's let's might've mustn't must've needn't she'd she'll she's shouldn't "
    "should've that'd that'll that's there'd there'll there's there've these're they'd they'll they're they've "
    "those're wasn't we'd we'll we're we've weren't what'd what'll what're what's what've when's where'd where's who'd "
    "who'll who're who's who've why'd why's won't wouldn't would've you'd you'll you're you've".split()
)

STOP_WORDS = _CONTRACTIONS | frozenset(
    "a about actually all also am an and any are as at basically be been being bit but by can could definitely did "
    "do does doing down for from get gets getting goes going gonna got had has have having he her here him "
    "his how i if in into is it its itself just kind let like lot made make many may maybe "
    "me mean might more most much my no not now of oh on one only or other our out over probably quite really right "
    "s say says see she should so some sort such than that the their them then there these they "
    "thing things this those to too up us very was way we well were what when where "
    "which while who why will with would yeah yes you your".split()
)
"""Words too common in speech to tell passages apart; short, since a phrase may need its small words."""

WEAK_WORDS = frozenset(
    "able absolutely actual add again against ago almost alone along already always amazing among amount another "
    "answer anybody anymore anyone anything anyway apart appear around aside ask away awesome back bad basic become "
    "before begin behind below besides best better between big both bring broad call care carry case cause certain "
    "certainly clear clearly close come common completely concrete consider contain continue course current "
    "currently day decade depend describe detail different difficult directly discuss done double during each "
    "earlier early easily easy effectively either else end enough entire entirely equal especially essentially etc "
    "even eventually ever every everybody everyone everything everywhere exact exactly exist expect explain "
    "extremely face fact fair fairly fall famous far fast feel few fine first five follow forget form forward four "
    "full fully fun further general generally give gladly good great grow guess guy half happen happy hard hardly "
    "heavily help hence high highly however huge important incredibly indeed inside instead interesting issue keep "
    "key know large largely last late lately later least leave left less let likely literally little long longer "
    "look lose loud low main mainly major manage matter meanwhile mention middle minute moment month mostly must "
    "name near nearly necessarily necessary need neither never nevertheless new next nice nobody none normal "
    "normally nothing notice nowadays number obvious obviously occur often ok okay old once opinion order ordinary "
    "otherwise ought outside overall own part particular particularly perfect perfectly perhaps personal personally "
    "piece place plain plenty point possible possibly pretty previous previously produce proper properly put quick "
    "quickly rather reach ready real recent recently regard regarding related relevant remain require respond rest "
    "return roughly run same second seem seen separate serious seriously set several short show side similar "
    "similarly simple simply since single situation small somebody somehow someone something sometimes somewhat "
    "somewhere soon sound special specific specifically stand start stay still stop strange strong strongly stuff "
    "sudden suddenly suppose sure surely take talk tell ten tend term terrible thank think third though three "
    "through throughout time today together tomorrow top total totally toward towards true truly try turn twice two "
    "type typical typically unfortunately unless unlike until upon use useful usual usually various wait want watch "
    "week whatever whenever whether whole wide without wonder worse worst worth wrong year yesterday yet young".split()
)
"""Words that say how, when or how much rather than what: searched for, but little is missing where they are not."""
