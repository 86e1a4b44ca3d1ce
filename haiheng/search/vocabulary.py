"""Words that mean the same to a buyer, and words that mean nothing to a search."""

# Left out of a query that has others.
_FILLERS = (
    "a an and any are as at be by can could do does for from give have has how i if in into is it its me much many my"
    " need of on or our please show that the their there these they this to want was we what when where which who why"
    " will with would you your"
)
FILLERS = frozenset(_FILLERS.split())

# What may follow a number in Chinese as its unit.
MEASURES = frozenset("座人位辆台吨米升挡档级轴门个条套")

# Asked for on the left, written on the right as well as it is. Only words that buyers use for the same thing.
SYNONYMS = {
    "seater": "seat",
    "tire": "tyre",
    "gasoline": "petrol",
    "lorry": "truck",
    "dumper": "tipper",
    "autobus": "bus",
    "inquiry": "enquiry",
    "aircon": "conditioning",
    "aluminum": "aluminium",
    "货车": "卡车",
    "巴士": "客车",
    "大巴": "客车",
    "中巴": "客车",
    "面包车": "小型客车",
    "小客车": "小型客车",
    "小巴": "小型客车",
    "轻卡": "轻型卡车",
    "重卡": "重型卡车",
    "公交车": "城市客车",
    "保修": "质保",
    "质保": "保修",
}

# Written in one word and in two: a buyer's mini bus is our minibus, and the other way round.
SPELLED_APART = {
    "minibus": ("mini", "bus"),
    "microbus": ("micro", "bus"),
    "gearbox": ("gear", "box"),
    "windscreen": ("wind", "screen"),
    "windshield": ("wind", "shield"),
}
