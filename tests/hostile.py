"""Three hundred names that try to be something else than a name, and some that no line of a file could hold."""

from itertools import islice, product

_SCRIPTS = (
    "alert(1)",
    "fetch(`/end`,{method:`POST`})",
    "document.body.innerHTML=1",
    "location='http://evil.example'",
    "htmx.ajax('POST','/end')",
    "self[`al`+`ert`](1)",
)

_SHAPES = (
    "<script>{}</script>",
    "<ScRiPt >{}</sCrIpT>",
    "<img src=x onerror={}>",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    '"><script>{}</script>',
    "'><img src=x onerror={}>",
    '" autofocus onfocus={} x="',
    "' onmouseover={} x='",
    "</td></tr></table><script>{}</script>",
    "</title><script>{}</script>",
    "</textarea><script>{}</script>",
    "--><script>{}</script><!--",
    "<![CDATA[<script>{}</script>]]>",
    "<a href=javascript:{}>x</a>",
    "<iframe srcdoc='<script>{}</script>'></iframe>",
    "<form action=//evil.example><button>{}</button></form>",
    "<base href=//evil.example>{}",
    "<meta http-equiv=refresh content='0;url=//evil.example'>{}",
    "<link rel=stylesheet href=//evil.example>{}",
    "<style>@import '//evil.example';</style>{}",
    "<div style=background:url(//evil.example)>{}</div>",
    "<div hx-get=/end hx-trigger=load>{}</div>",
    "<div hx-on:load={}>x</div>",
    "<div data-hx-post=/end data-hx-trigger=load>{}</div>",
    "<object data=//evil.example>{}</object>",
    "<math><mtext></math><img src=x onerror={}>",
    "<details open ontoggle={}>",
    "<input onfocus={} autofocus>",
    "<video><source onerror={}></video>",
    "<body onload={}>",
    "<b>{}</b>",
    "{{{{ {} }}}}",
    "{{% for x in ().__class__.__base__.__subclasses__() %}}{}{{% endfor %}}",
    "${{{}}}",
    "#{{{}}}",
    "%3Cscript%3E{}%3C/script%3E",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;script&#62;{}&#60;/script&#62;",
    "\\u003cscript\\u003e{}\\u003c/script\\u003e",
    "=cmd|'/c calc'!A0 {}",
    "+{}",
    "-{}",
    "@{}",
    "\u202e{}\u202c",
    "\ufeff<script>{}</script>",
    "<scr\u00adipt>{}</scr\u00adipt>",
    "\uff1cscript\uff1e{}\uff1c/script\uff1e",
    "data:text/html,<script>{}</script>",
    "javascript:{}//",
)

_FORMULAS = ("1+1", "cmd|'/C calc'!A0", 'HYPERLINK("http://evil.example")', "SUM(A1:A9)", "IMPORTXML(1)")
_STARTS = ("=", "+", "-", "@", "\t=", "=-", "'=", '"=', " =")
_PATHS = (
    *("../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\con", "~/.ssh/id", "file:x", "%2e%2e%2f", "....//"),
    *("a/../../b", "NUL.txt", "COM1", ".", "..", "\\\\evil\\share"),
)
_QUERIES = (
    *("'; drop table engagement --", "' or '1'='1", '" or ""="', "1; delete from entry", "x' union select 1"),
    *("%' escape '\\", "?1", ":name", "$1", "{0}", "{name}", "%s %d", "%(name)s", "\\", "''"),
    *("`id`", "$(id)", "|id", "&&id"),
)
_HEADERS = (
    *("x%0d%0aSet-Cookie: a=b", "x%0aLocation: //evil.example", "data: x", "event: ended", ": here", "id: 1"),
    *("\u560d\u560aX-Y: z", "\u2028X-Y: z", "\u2029X-Y: z", "\x85X-Y: z"),
)
_SIGNS = (
    *("\u202egpj.exe", "\u2066x\u2069", "\u202d1000\u202c", "\u200bx", "\U000e0041", "x\u0336" * 40, "\ufffe"),
    "#KONTO 1 x",
)

PAYLOADS = (
    *islice((shape.format(script) for script, shape in product(_SCRIPTS, _SHAPES)), 204),
    *(start + formula for start, formula in product(_STARTS, _FORMULAS)),
    *_PATHS,
    *_QUERIES,
    *_HEADERS,
    *_SIGNS,
)
"""Each fits into a line of a SIE file."""

BEYOND_A_LINE = (
    *("\x00", "x\x00<script>alert(1)</script>", "\r\nSet-Cookie: a=b", "\n#VER A 1 20250101", "\x1a", "\x7f"),
    *('"\r\n}\r\n#VER A 9 20250101 "', "\r=1+1", "\n=1+1", "\x00=1+1", "\x1b[31mred", "\x07\x08"),
    *("\n\ndata: <script>alert(1)</script>", "x" * 40_000, "<b>" * 5_000, "\u202e" * 2_000),
)
assert len(set(PAYLOADS)) == 300
