"""Writes an export in WordPress's own format: every unusual thing that such a file may hold, in words of our own."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

SITE = "https://old.example.com"
UPLOADS = f"{SITE}/wp-content/uploads"

_HEAD = f"""<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" created="2024-01-05 08:00" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Old bus site</title><link>{SITE}</link><language>en-US</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>{SITE}</wp:base_site_url><wp:base_blog_url>{SITE}</wp:base_blog_url>
<wp:author><wp:author_id>2</wp:author_id><wp:author_login><![CDATA[desk]]></wp:author_login>
<wp:author_display_name><![CDATA[Export desk]]></wp:author_display_name></wp:author>
<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>markets</wp:category_nicename>
<wp:cat_name><![CDATA[Markets & rules]]></wp:cat_name></wp:category>
"""
_TAIL = "</channel>\n</rss>\n"


@dataclass
class Made:
    number: int
    title: str = ""
    content: str = ""
    excerpt: str = ""
    kind: str = "post"
    status: str = "publish"
    slug: str = ""
    date: str = "2019-05-14 09:30:00"
    gmt: str = "2019-05-14 01:30:00"
    password: str = ""
    parent: int = 0
    url: str = ""
    categories: tuple[tuple[str, str], ...] = (("markets", "Markets & rules"),)
    tags: tuple[tuple[str, str], ...] = ()
    meta: dict[str, str] = field(default_factory=dict)
    comments: int = 0

    def xml(self) -> str:
        slug = self.slug or f"item-{self.number}"
        link = f"{SITE}/2019/05/{slug}/" if self.status in {"publish", "future"} else f"{SITE}/?p={self.number}"
        terms = [("category", *each) for each in self.categories if self.kind == "post"]
        terms += [("post_tag", *each) for each in self.tags]
        parts = [
            f"<item>\n<title>{_cdata(self.title)}</title>\n<link>{link}</link>",
            f"<pubDate>Tue, 14 May 2019 01:30:00 +0000</pubDate><dc:creator>{_cdata('desk')}</dc:creator>",
            f'<guid isPermaLink="false">{SITE}/?p={self.number}</guid><description></description>',
            f"<content:encoded>{_cdata(self.content)}</content:encoded>",
            f"<excerpt:encoded>{_cdata(self.excerpt)}</excerpt:encoded>",
            f"<wp:post_id>{self.number}</wp:post_id><wp:post_date>{_cdata(self.date)}</wp:post_date>",
            f"<wp:post_date_gmt>{_cdata(self.gmt)}</wp:post_date_gmt><wp:post_name>{_cdata(slug)}</wp:post_name>",
            f"<wp:status>{_cdata(self.status)}</wp:status><wp:post_parent>{self.parent}</wp:post_parent>",
            f"<wp:post_type>{_cdata(self.kind)}</wp:post_type>",
            f"<wp:post_password>{_cdata(self.password)}</wp:post_password><wp:is_sticky>0</wp:is_sticky>",
            *(f"<category domain={quoteattr(d)} nicename={quoteattr(s)}>{_cdata(n)}</category>" for d, s, n in terms),
            *(
                f"<wp:postmeta><wp:meta_key>{_cdata(key)}</wp:meta_key><wp:meta_value>{_cdata(value)}</wp:meta_value>"
                "</wp:postmeta>"
                for key, value in self.meta.items()
            ),
            f"<wp:attachment_url>{escape(self.url)}</wp:attachment_url>" if self.url else "",
            *(
                f"<wp:comment><wp:comment_id>{n}</wp:comment_id><wp:comment_content>{_cdata('Nice post!')}"
                f"</wp:comment_content><wp:commentmeta><wp:meta_key>_thumbnail_id</wp:meta_key>"
                "<wp:meta_value>999</wp:meta_value></wp:commentmeta></wp:comment>"
                for n in range(self.comments)
            ),
            "</item>\n",
        ]
        return "\n".join(part for part in parts if part)


def attachment(number: int, path: str, *, alt: str = "", caption: str = "", parent: int = 0) -> Made:
    meta = {"_wp_attached_file": path, **({"_wp_attachment_image_alt": alt} if alt else {})}
    return Made(
        number, path, excerpt=caption, kind="attachment", status="inherit", parent=parent, url=f"{UPLOADS}/{path}",
        meta=meta,
    )  # fmt: skip


def export(*items: Made) -> str:
    return _HEAD + "".join(item.xml() for item in items) + _TAIL


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


CLASSIC = """The first paragraph of a classic text, with <em>stress</em> and <strong>weight</strong>,
and a second line that the reader sees on a line of its own.

A second paragraph with an entity &amp; a dash &#8211; and [sic] and a footnote mark [1] that must stay.
<h1>A heading as large as the title</h1>
Text right below the heading.
<blockquote>A quotation of one line.

And of a second paragraph.</blockquote>
<!--more-->
Text after the fold. <code>inline code</code>, <kbd>Ctrl</kbd>, H<sub>2</sub>O, m<sup>3</sup>, <del>gone</del>, <ins>new</ins>, <abbr title="gross vehicle weight">GVW</abbr>, <acronym>HGV</acronym>, <big>large</big>, <tt>teletype</tt>, <q>quoted</q>, <cite>cited</cite>.
<pre>line one
    line two indented [gallery] is shown here

line four</pre>
<address>Dock road 5
Harbour town</address>
<hr />
<dl><dt>Wheelbase</dt><dd>Distance between the axles.</dd><dt>Overhang</dt><dd>What stands out behind.</dd></dl>
<div><div>Text in a division of a division</div>loose text behind it</div>
<center>Centred text</center><font color="red">Red text</font>
<p style="text-align:center;color:red" class="x">Aligned text <span style="font-size:40px">in spans</span></p>
"""
TABLES = """<table border="1"><thead><tr><th>Model</th><th>Seats</th></tr></thead><tfoot><tr><td>Sum</td><td>34</td></tr></tfoot>
<tbody><tr><td>First model</td><td>15</td></tr><tr><td rowspan="2">Second model</td><td>19</td></tr><tr><td>20 as school bus</td></tr>
<tr><td colspan="2">Both are built to order</td></tr></tbody></table>
Text between two tables.
<table><tr><td>Only cells</td><td><ul><li>list in a cell</li><li>with two items</li></ul></td></tr><tr><td>ragged row</td></tr></table>
"""
LISTS = """<ul><li>Level one<ul><li>Level two<ol><li>Level three</li><li>Level three again<ul><li>Level four</li></ul></li></ol></li></ul></li>
<li>Back on level one

with a second paragraph</li></ul>
<ol start="3"><li>Third</li><li>Fourth</li></ol>
<ul>
<ul>
<li>A list straight in a list, as editors write it</li>
</ul>
<li>behind it</li>
</ul>
"""
PICTURES = f"""Before the picture.

[caption id="attachment_601" align="aligncenter" width="300" caption="ignored"]<a href="{UPLOADS}/2019/05/front.jpg"><img class="size-medium wp-image-601" src="{UPLOADS}/2019/05/front-300x200.jpg" alt="Front of a bus" width="300" height="200" /></a> The <em>front</em> at the quay[/caption]

[caption id="attachment_602" align="alignleft" width="200"]<img src="{UPLOADS}/2019/05/side.png" alt="" /> The side[/caption]

<img class="alignright wp-image-603" src="{UPLOADS}/2019/05/lost.jpg" alt="A picture that is gone" /> Text beside a floating picture.

<a href="{UPLOADS}/2019/05/sheet.pdf">The data sheet</a> and <a href="{SITE}/2019/05/lists/">the lists</a> and
<a href="/?p=102#part">the tables</a> and <a href="https://elsewhere.example.org/x">elsewhere</a>.
"""
GALLERIES = """Two galleries.

[gallery ids="601,602" columns="2"]

[gallery]

An escaped one: [[gallery ids="1"]] ends here.
"""
EMBEDS = """[embed width="300"]https://videos.example.org/watch?v=1[/embed]

https://videos.example.org/watch?v=2

<iframe src="https://videos.example.org/embed/3" width="560"></iframe>

[video mp4="https://videos.example.org/4.mp4"][/video]

[slider id="5" style="wide"]Words inside a slider stay[/slider] and [button link="https://example.org"]Press here[/button] and [contact-form-7 id="9"]

<script>alert(1)</script><style>p { color: red }</style><object data="x"></object>
"""
BLOCKS = f"""<!-- wp:heading {{"level":2}} -->
<h2 class="wp-block-heading">A heading of blocks</h2>
<!-- /wp:heading -->

<!-- wp:paragraph {{"dropCap":true}} -->
<p class="has-drop-cap">A paragraph of blocks with a <a href="https://example.org">link</a>.</p>
<!-- /wp:paragraph -->

<!-- wp:columns -->
<div class="wp-block-columns"><!-- wp:column --><div class="wp-block-column"><!-- wp:paragraph --><p>Left column</p><!-- /wp:paragraph --></div><!-- /wp:column -->
<!-- wp:column --><div class="wp-block-column"><!-- wp:list --><ul><!-- wp:list-item --><li>Right column<!-- wp:list --><ul><li>deeper</li></ul><!-- /wp:list --></li><!-- /wp:list-item --></ul><!-- /wp:list --></div><!-- /wp:column --></div>
<!-- /wp:columns -->

<!-- wp:image {{"id":601}} -->
<figure class="wp-block-image size-large"><img src="{UPLOADS}/2019/05/front-1024x683.jpg" alt="" class="wp-image-601"/><figcaption class="wp-element-caption">A block's caption</figcaption></figure>
<!-- /wp:image -->

<!-- wp:gallery {{"linkTo":"none"}} -->
<figure class="wp-block-gallery has-nested-images"><figure class="wp-block-image"><img src="{UPLOADS}/2019/05/front.jpg" data-id="601" alt="One"/><figcaption>First of two</figcaption></figure><figure class="wp-block-image"><img src="{UPLOADS}/2019/05/side.png" data-id="602" alt="Two"/></figure><figcaption class="blocks-gallery-caption">Caption of the gallery</figcaption></figure>
<!-- /wp:gallery -->

<!-- wp:gallery {{"ids":[601]}} -->
<ul class="wp-block-gallery columns-1"><li class="blocks-gallery-item"><figure><img src="{UPLOADS}/2019/05/front.jpg" data-id="601" alt="Old"/><figcaption>Old kind of gallery</figcaption></figure></li></ul>
<!-- /wp:gallery -->

<!-- wp:table -->
<figure class="wp-block-table"><table class="has-fixed-layout"><thead><tr><th>Axle</th><th>Load</th></tr></thead><tbody><tr><td>Front</td><td>1900 kg</td></tr></tbody></table><figcaption>Loads</figcaption></figure>
<!-- /wp:table -->

<!-- wp:quote --><blockquote class="wp-block-quote"><p>A quotation of blocks</p><cite>Somebody</cite></blockquote><!-- /wp:quote -->
<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>Pulled out</p></blockquote></figure><!-- /wp:pullquote -->
<!-- wp:code --><pre class="wp-block-code"><code>axle = 2
load = 3</code></pre><!-- /wp:code -->
<!-- wp:verse --><pre class="wp-block-verse">A verse
on two lines</pre><!-- /wp:verse -->
<!-- wp:details --><details class="wp-block-details"><summary>A question</summary><p>Its answer</p></details><!-- /wp:details -->
<!-- wp:buttons --><div class="wp-block-buttons"><div class="wp-block-button"><a class="wp-block-button__link" href="/contact/">Ask us</a></div></div><!-- /wp:buttons -->
<!-- wp:cover {{"url":"x"}} --><div class="wp-block-cover"><img class="wp-block-cover__image-background" alt="" src="{UPLOADS}/2019/05/front.jpg"/><div class="wp-block-cover__inner-container"><p>Words over a picture</p></div></div><!-- /wp:cover -->
<!-- wp:media-text --><div class="wp-block-media-text"><figure><img src="{UPLOADS}/2019/05/side.png" alt=""/></figure><div><p>Words beside a picture</p></div></div><!-- /wp:media-text -->
<!-- wp:file --><div class="wp-block-file"><a href="{UPLOADS}/2019/05/sheet.pdf">Sheet</a><a href="{UPLOADS}/2019/05/sheet.pdf" download>Download</a></div><!-- /wp:file -->
<!-- wp:block {{"ref":700}} /-->
<!-- wp:latest-posts {{"postsToShow":3}} /-->
<!-- wp:spacer --><div style="height:50px" aria-hidden="true" class="wp-block-spacer"></div><!-- /wp:spacer -->
<!-- wp:nextpage --><!--nextpage--><!-- /wp:nextpage -->
<!-- wp:html --><p onclick="alert(1)">Written <b>by <i>hand</b> and</i> not closed<p>twice<!-- /wp:html -->
"""

ITEMS = (
    attachment(601, "2019/05/front.jpg", alt="The front", caption="Caption of the library", parent=105),
    Made(101, "Classic text", CLASSIC, "A short <b>excerpt</b>.", slug="classic-text", tags=(("kenya", "Kenya"), ("right-hand-drive", "Right-hand drive")), comments=2, meta={"_thumbnail_id": "601", "_edit_last": "1"}),
    Made(102, "Tables", TABLES, slug="tables"),
    Made(103, "Lists", LISTS, slug="lists", categories=(("markets", "Markets & rules"), ("notes", "Notes"), ("uncategorized", "Uncategorized"))),
    Made(104, "Pictures", PICTURES, slug="pictures"),
    Made(105, "Galleries", GALLERIES, slug="galleries"),
    Made(106, "Embeds", EMBEDS, slug="embeds", categories=(("uncategorized", "Uncategorized"),)),
    Made(107, "Blocks", BLOCKS, slug="blocks"),
    Made(108, "", "A post without a title has its first words for one.", slug="108"),
    Made(109, "A title with <em>markup</em>, &#8220;quotes&#8221; &amp; <b>an open tag", "Short.", slug="markup"),
    Made(110, "Averyveryverylongtitlewithoutanyspace" * 12, "Long.", slug="long-title"),
    Made(111, "空白的中文文章", "中文正文，第一段。\n\n第二段。", slug="%e4%b8%ad%e6%96%87%e6%96%87%e7%ab%a0"),
    Made(112, "A draft", "Not yet.", status="draft", gmt="0000-00-00 00:00:00", slug=""),
    Made(113, "Planned for later", "Later.", status="future", date="2099-01-01 10:00:00", gmt="2099-01-01 02:00:00", slug="planned"),
    Made(114, "With a password", "Secret words.", password="bus", slug="secret"),
    Made(115, "Private", "For members.", status="private", slug="private"),
    Made(116, "In the trash", "Gone.", status="trash", slug="trash__trashed"),
    Made(117, "Nothing inside", "", slug="nothing"),
    Made(118, "admin", "Its address is a word of the site.", slug="admin"),
    Made(201, "About the old company", "Who we were.\n\nAnd are.", kind="page", slug="about-the-old-company"),
    Made(202, "Below about", "A page below a page.", kind="page", slug="below", parent=201),
    attachment(602, "2019/05/side.png"),
    attachment(603, "2019/05/lost.jpg"),
    attachment(604, "2019/05/sheet.pdf"),
    Made(700, "Reused", "<!-- wp:paragraph --><p>A block used in many places</p><!-- /wp:paragraph -->", kind="wp_block"),
    Made(801, "Menu", kind="nav_menu_item"),
)  # fmt: skip
