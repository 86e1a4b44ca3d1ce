"""Makes articles and products for scripts/bench_search.py: seeded, in English and Chinese."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

# Pairs of English and Chinese.
PARTS = [
    ("brake disc", "制动盘"),
    ("brake pad", "制动片"),
    ("gearbox", "变速器"),
    ("clutch", "离合器"),
    ("radiator", "散热器"),
    ("water pump", "水泵"),
    ("fuel filter", "燃油滤清器"),
    ("oil filter", "机油滤清器"),
    ("wiper motor", "雨刮电机"),
    ("alternator", "发电机"),
    ("starter", "起动机"),
    ("battery", "蓄电池"),
    ("windscreen", "挡风玻璃"),
    ("mirror", "后视镜"),
    ("head lamp", "前照灯"),
    ("rear lamp", "尾灯"),
    ("door roller", "门滚轮"),
    ("seat belt", "安全带"),
    ("tyre", "轮胎"),
    ("wheel bearing", "轮毂轴承"),
    ("shock absorber", "减振器"),
    ("leaf spring", "钢板弹簧"),
    ("air spring", "空气弹簧"),
    ("exhaust pipe", "排气管"),
    ("turbocharger", "涡轮增压器"),
    ("injector", "喷油器"),
    ("axle", "车桥"),
    ("fan belt", "风扇皮带"),
    ("steering pump", "转向泵"),
    ("drive shaft", "传动轴"),
]
VEHICLES = [
    ("minibus", "小型客车"),
    ("bus", "客车"),
    ("city bus", "城市客车"),
    ("coach", "旅游客车"),
    ("light truck", "轻型卡车"),
    ("tipper", "自卸车"),
    ("school bus", "校车"),
    ("van", "厢式车"),
    ("tractor", "牵引车"),
    ("trailer", "挂车"),
]
PLACES = [
    ("Mombasa", "蒙巴萨"),
    ("Tema", "特马"),
    ("Callao", "卡亚俄"),
    ("Tashkent", "塔什干"),
    ("Almaty", "阿拉木图"),
    ("Luanda", "罗安达"),
    ("Dakar", "达喀尔"),
    ("Jebel Ali", "杰贝阿里"),
    ("Singapore", "新加坡"),
    ("Manila", "马尼拉"),
    ("Yangon", "仰光"),
    ("Colombo", "科伦坡"),
    ("Durban", "德班"),
    ("Lagos", "拉各斯"),
    ("Karachi", "卡拉奇"),
    ("Haiphong", "海防"),
    ("Santos", "桑托斯"),
    ("Guayaquil", "瓜亚基尔"),
    ("Odessa", "敖德萨"),
    ("Aktau", "阿克套"),
]
DEEDS = [
    ("repair", "维修"),
    ("delivery", "交付"),
    ("inspection", "检验"),
    ("training", "培训"),
    ("exchange", "更换"),
    ("test", "试验"),
    ("order", "订单"),
    ("storage", "存放"),
    ("transport", "运输"),
    ("packing", "包装"),
    ("service", "保养"),
    ("warranty", "质保"),
]
ENGLISH = [
    "The {deed} of the {part} took {n} days.",
    "A {vehicle} left for {place} with {n} sets of the {part}.",
    "Our workshop in {place} keeps the {part} in stock.",
    "Before the {deed}, the driver checks the {part}.",
    "After {k} kilometres the {part} of a {vehicle} is due.",
    "The customer in {place} asked for {n} vehicles.",
    "Heat and dust shorten the life of the {part}.",
    "The box holds {n} pieces and weighs {k} kilograms.",
    "Diesel of poor quality harms the {part} first.",
    "The papers for {place} name the {part} with its number.",
    "Each {vehicle} carries a plate with the date of the {deed}.",
    "Passengers wait less when the {part} is sound.",
]
CHINESE = [
    "{part}的{deed}用了{n}天。",
    "一辆{vehicle}带着{n}套{part}发往{place}。",
    "我们在{place}的维修站备有{part}。",
    "{deed}之前，驾驶员先检查{part}。",
    "行驶{k}公里后，{vehicle}的{part}需要{deed}。",
    "{place}的客户询问了{n}辆车。",
    "高温和沙尘会缩短{part}的寿命。",
    "每箱{n}件，重{k}公斤。",
    "劣质柴油首先损伤{part}。",
    "发往{place}的单证写明{part}的编号。",
    "每辆{vehicle}都有标明{deed}日期的铭牌。",
    "{part}完好，乘客等待的时间更短。",
]
SERIES = ["BX", "CQ", "DT", "FW", "KR", "LN", "PV", "RS", "TZ", "WG"]


@dataclass(frozen=True)
class Text:
    title: str
    summary: str
    body: str


@dataclass(frozen=True)
class Article:
    english: Text
    chinese: Text


@dataclass(frozen=True)
class Product:
    code: str
    english: Text
    chinese: Text
    length: int
    mass: int


def articles(count: int) -> Iterator[Article]:
    chance = random.Random(11)  # noqa: S311 - the same rows each time
    for number in range(count):
        drawn = [(chance.choice(PARTS), chance.choice(VEHICLES), chance.choice(PLACES), chance.choice(DEEDS))
                 for _ in range(10)]  # fmt: skip
        amounts = [(chance.randint(2, 90), chance.randint(1, 400) * 250) for _ in drawn]
        chosen = [chance.randrange(len(ENGLISH)) for _ in drawn]
        first = drawn[0]
        texts = []
        for side, sentences in ((0, ENGLISH), (1, CHINESE)):
            part, vehicle, place, deed = (pair[side] for pair in first)
            title = f"{deed.capitalize()} of a {part} on a {vehicle} in {place}" if not side else (
                f"{place}{vehicle}的{part}{deed}")  # fmt: skip
            written = [
                sentences[which].format(part=p[side], vehicle=v[side], place=o[side], deed=d[side], n=n, k=k)
                for (p, v, o, d), (n, k), which in zip(drawn, amounts, chosen, strict=True)
            ]
            joint = "" if side else " "
            body = f"<p>{joint.join(written[:5])}</p><p>{joint.join(written[5:])}</p>"
            texts.append(Text(f"{title} ({number})" if not side else f"{title}（{number}）", written[0], body))
        yield Article(*texts)


def products(count: int) -> Iterator[Product]:
    chance = random.Random(13)  # noqa: S311 - the same rows each time
    for number in range(count):
        part, vehicle = chance.choice(PARTS), chance.choice(VEHICLES)
        size, mass = chance.randint(10, 900), chance.randint(1, 500)
        place, deed = PLACES[number % 20], DEEDS[number % 12]

        words = [
            {"part": part[side], "vehicle": vehicle[side], "place": place[side], "deed": deed[side]} for side in (0, 1)
        ]
        english = ENGLISH[number % 12].format(n=size, k=mass, **words[0])
        chinese = CHINESE[number % 12].format(n=size, k=mass, **words[1])
        name = part[0].capitalize()
        yield Product(
            f"{SERIES[number % 10]}-{1000 + number}",
            Text(name, f"{name} for a {vehicle[0]}, {size} mm.", f"<p>{english}</p>"),
            Text(part[1], f"{vehicle[1]}用{part[1]}，{size} mm。", f"<p>{chinese}</p>"),
            size,
            mass,
        )
