"""Which unknown addresses are not worth a look: what scanners try everywhere, files, and what could name a person."""

import re

from haiheng.redirects.paths import LONGEST

# Programs that this site never ran, and places where others keep secrets.
_SCANNED = re.compile(
    r"/(?:wp-|wordpress\b|xmlrpc|phpmyadmin|pma\b|cgi-bin|vendor/|node_modules/|\.|_|config\b|backup|solr/|actuator"
    r"|manager/html|hnap1|boaform|owa/|autodiscover|ecp/|telescope|console\b|debug\b|server-status|geoserver"
    r"|login\b|user/login|administrator\b|api/|graphql|v1/|ajax|remote/|dana-na|hudson|jenkins|setup\b|shell\b)",
    re.I,
)
_SCRIPTS = re.compile(r"\.(?:php\d?|phtml|aspx?|ashx|asmx|jsp|do|action|cgi|pl|py|rb|sh|cfm)(?:/|\Z)", re.I)
# The former site may have been made of scripts: those of its sections count.
_SECTIONS = re.compile(r"/(?:[a-z-]{2,7}/)?(?:news|article|product|about|contact|company|show|list)", re.I)
_FILES = re.compile(
    r"\.(?:js|mjs|css|map|ico|png|jpe?g|gif|webp|avif|svg|bmp|woff2?|ttf|eot|json|xml|txt|ya?ml|ini|conf|cfg|env|lo[gc]k?"
    r"|sql|db|bak|old|swp|zip|rar|t?gz|tar|7z|exe|dll|mp[34]|webmanifest|well-known)\Z",
    re.I,
)
# Mail addresses, telephone numbers, and keys such as those in links to a person's own page.
_PERSONAL = re.compile(
    r"@|%40|\+?[0-9][0-9 ()-]{9,}|/(?=[^/]*[0-9])(?=[^/]*[a-zA-Z])[0-9a-zA-Z_:.=]{20,}(?:/|\Z)", re.I
)
_LONGEST_WORTH = 200


def is_noise(path: str) -> bool:
    if len(path) > min(LONGEST, _LONGEST_WORTH) or not path.isprintable() or "�" in path or "%" in path:
        return True
    if _PERSONAL.search(path) or _FILES.search(path) or _SCANNED.match(path):
        return True
    return bool(_SCRIPTS.search(path)) and not _SECTIONS.match(path)
