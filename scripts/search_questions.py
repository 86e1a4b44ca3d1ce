"""Draw the first half of scripts/search_questions.tsv from the demo content: `seed_demo`, then this.

Rule: every public product, article and page, in each language in which it is public.
- Product, English, besides: its model number in lower case without hyphen.
- Product, both: the letters and digits of its headline, in order, with blanks where signs of punctuation stand.
- Article, English: the two longest words of its title, in the order of the title; of equal ones, the first.
- Article, Chinese: the last four Chinese signs of its title.
- Page, both: its title.
"""

import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haiheng.settings")


def longest_two(title: str) -> str:
    words = re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)*", title)
    chosen = sorted(range(len(words)), key=lambda place: (-len(words[place]), place))[:2]
    return " ".join(words[place].lower() for place in sorted(chosen))


def main() -> None:
    import django  # the settings must be in the environment first

    django.setup()
    from haiheng.pages.models import Page
    from news.models import Article
    from products.models import Product

    for language in ("en", "zh-hans"):
        for product in Product.objects.published(language).order_by("code"):
            headline = product.translations.get(language_code=language).headline
            words = " ".join(re.findall(r"[\w.×]+", headline))
            codes = [product.code.replace("-", "").lower()] if language == "en" else []
            for query in (*codes, words):
                print("drawn", language, query, f"product:{product.code}", sep="\t")
        for article in Article.objects.published(language).order_by("pk"):
            title = article.translations.get(language_code=language).title
            slug = article.translations.get(language_code="en").slug
            query = longest_two(title) if language == "en" else "".join(re.findall(r"[\u4e00-\u9fff]", title))[-4:]
            print("drawn", language, query, f"article:{slug}", sep="\t")
        for page in Page.objects.published(language).order_by("pk"):
            texts = {text.language_code: text for text in page.translations.all()}
            print("drawn", language, texts[language].title, f"page:{texts['en'].slug}", sep="\t")


if __name__ == "__main__":
    main()
