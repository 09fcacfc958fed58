"""Forms that a stemmer cannot bring together: irregular verbs and plurals, British spellings."""

from __future__ import annotations

_FORMS = """
begin began begun | bend bent | bind bound | bite bit bitten | blow blew blown | break broke broken | breed bred
bring brought | build built | burn burnt | buy bought | catch caught | choose chose chosen | cling clung
come came | creep crept | deal dealt | dig dug | draw drew drawn | dream dreamt | drink drank drunk
drive drove driven | eat ate eaten | fall fell fallen | feed fed | feel felt | fight fought | find found
flee fled | fly flew flown | forbid forbade forbidden | foresee foresaw foreseen | forget forgot forgotten
forgive forgave forgiven | freeze froze frozen | give gave given | grow grew grown | hang hung | hear heard
hide hid hidden | hold held | keep kept | know knew known | lay laid | lead led | learn learnt | leave left
lend lent | lose lost | meet met | mislead misled | overcome overcame | pay paid | prove proven
ride rode ridden | ring rang rung | rise rose risen | run ran | seek sought | sell sold | send sent
shake shook shaken | shine shone | shoot shot | show shown | shrink shrank shrunk | sing sang sung
sink sank sunk | sit sat | sleep slept | slide slid | speak spoke spoken | spend spent | spin spun
spring sprang sprung | stand stood | steal stole stolen | stick stuck | strike struck | swear swore sworn
swim swam swum | take took taken | teach taught | tear tore torn | tell told | think thought thoughts
throw threw thrown | understand understood | wake woke woken | wear wore worn | win won | withdraw withdrew
write wrote written | man men | woman women | child children | mouse mice | foot feet | tooth teeth | life lives
half halves | wolf wolves | criterion criteria | phenomenon phenomena | matrix matrices | vertex vertices
index indices | hypothesis hypotheses | analysis analyses | thesis theses | crisis crises
axis axes | stimulus stimuli | behavior behaviour | color colour | favor favour | favorite favourite
honor honour | humor humour | labor labour | neighbor neighbour | rumor rumour | center centre | defense defence
license licence | program programme | skeptic sceptic | skeptical sceptical | gray grey | math maths
artifact artefact | aging ageing | catalog catalogue | analyze analyse | optimize optimise
optimization optimisation | generalize generalise | generalization generalisation | organize organise
organization organisation | recognize recognise | realize realise | regularization regularisation
normalize normalise | normalization normalisation | initialize initialise | initialization initialisation
maximize maximise | minimize minimise | summarize summarise | tokenize tokenise | tokenization tokenisation
quantize quantise | quantization quantisation | visualize visualise | specialize specialise | utilize utilise
emphasize emphasise | characterize characterise | parallelize parallelise | democratize democratise
commercialize commercialise | prioritize prioritise | randomize randomise | memorize memorise
memorization memorisation | customize customise
"""

BASE_FORMS = {
    form: forms.split()[0] for line in _FORMS.splitlines() for forms in line.split("|") for form in forms.split()[1:]
}
"""Each irregular form with the form it is searched as."""
