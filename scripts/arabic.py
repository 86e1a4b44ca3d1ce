"""Gives the demo's HH-6 its texts in Arabic, for the picture of a page that runs from right to left.

Run by scripts/screenshots.py within `manage.py shell`. Nobody who speaks it has read it: not for a public site.
"""

from products.models import Category, Product
from products.specifications import Specification, SpecificationChoice, SpecificationGroup

TERMS = {
    "dimensions": "الأبعاد", "mass": "الكتلة", "engine": "المحرك ونقل الحركة", "chassis": "الهيكل", "body": "الجسم",
    "length": "الطول الكلي", "width": "العرض الكلي", "height": "الارتفاع الكلي", "wheelbase": "قاعدة العجلات",
    "front-overhang": "البروز الأمامي", "rear-overhang": "البروز الخلفي", "ground-clearance": "الخلوص الأرضي",
    "kerb-mass": "الكتلة فارغة", "gross-mass": "الكتلة الإجمالية", "seats": "المقاعد مع السائق", "fuel": "الوقود",
    "diesel": "ديزل", "petrol": "بنزين", "displacement": "سعة المحرك", "power": "القدرة",
    "rated-speed": "عند سرعة دوران", "gearbox": "علبة التروس", "manual-5": "يدوية، 5 سرعات",
    "emission": "مستوى الانبعاثات", "tank": "خزان الوقود", "steering": "المقود", "left": "مقود يسار",
    "right": "مقود يمين", "drive": "الدفع", "front-suspension": "التعليق الأمامي", "rear-suspension": "التعليق الخلفي",
    "torsion-bar": "قضيب التواء", "leaf": "نوابض ورقية", "brakes": "المكابح", "front-disc": "أقراص أمامية",
    "rear-drum": "أسطوانات خلفية", "tyres": "الإطارات", "door": "الباب", "sliding": "باب منزلق",
    "air-conditioning": "تكييف الهواء", "front-rear": "أمامي وخلفي", "seat-layout": "توزيع المقاعد",
}  # fmt: skip

for model in (SpecificationGroup, Specification, SpecificationChoice):
    for row in model.objects.filter(key__in=TERMS):
        row.create_translation("ar", name=TERMS[row.key])
category = Category.objects.get(translations__language_code="en", translations__slug="minibuses")
category.create_translation("ar", name="حافلات صغيرة", slug="حافلات-صغيرة")
Product.objects.get(code="HH-6").create_translation(
    "ar",
    title="حافلة صغيرة",
    headline="حافلة صغيرة، 15 مقعدًا",
    slug="hh-6",
    summary="حافلة صغيرة بطول ستة أمتار و15 مقعدًا وباب منزلق، للمدارس والفنادق والخطوط القصيرة.",
    body="<p>تحمل HH-6 أربعة عشر راكبًا والسائق على طول 5.99 م. القيم للعرض فقط؛ العرض المكتوب هو الملزم.</p>",
    payment="حسب الاتفاق",
    ready=True,
)
