"""Hostile manners: headers, hosts, cookies, verbs, and requests that another site made the browser send."""

from tests.admin.hostile.asked import EVIL, Ask, post

LISTED = "/pengaduan/"
HEADERS = [
    Ask(name, LISTED, headers={name: value})
    for name, value in (
        ("Host", EVIL),
        ("Host", f"localhost.{EVIL}"),
        ("Host", f"localhost:80@{EVIL}"),
        ("Host", ""),
        ("Host", "localhost/../x"),
        ("Host", "a" * 3_000),
        ("Host", "localhost, evil"),
        ("Host", "\xff\xfe"),
        ("X-Forwarded-Host", EVIL),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Prefix", f"//{EVIL}"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("Forwarded", f"for=127.0.0.1;host={EVIL};proto=https"),
        ("X-Original-Url", "/pengguna/"),
        ("X-Rewrite-Url", "/pengguna/"),
        ("X-Http-Method-Override", "DELETE"),
        ("Range", "bytes=0-,0-,0-,0-"),
        ("Range", "bytes=999999999-"),
        ("Range", "lines=1-"),
        ("If-Modified-Since", "yesterday"),
        ("If-None-Match", "*"),
        ("If-Match", '"' + "x" * 5_000 + '"'),
        ("If-Range", '"x"'),
        ("If-Unmodified-Since", "Thu, 99 Foo 99999 99:99:99 GMT"),
        ("Accept", "application/json"),
        ("Accept", "*/*;q=x," * 500),
        ("Accept", "text/html;q=-1"),
        ("Accept-Language", "../../etc/passwd"),
        ("Accept-Language", "zz-ZZ," * 300),
        ("Accept-Encoding", "x" * 3_000),
        ("Accept-Charset", "utf-7"),
        ("Authorization", "Basic \xff"),
        ("Authorization", "Bearer ey.ey.ey"),
        ("Authorization", 'Digest username="x", uri='),
        ("User-Agent", "() { :;}; id"),
        ("Expect", "100-continue"),
        ("Content-Length", "-1"),
        ("Content-Length", "99999999999"),
        ("Content-Type", "\xff/\xff;=;"),
        ("Transfer-Encoding", "chunked"),
        ("Upgrade", "websocket"),
        ("Origin", "null"),
        ("Referer", f"//{EVIL}"),
        ("X-Requested-With", "XMLHttpRequest"),
        ("Date", "0"),
        ("Cookie2", "x"),
        ("Max-Forwards", "-1"),
        ("X-Real-Ip", "::1"),
        ("From", "{{1337*1337}}"),
        ("Sec-Fetch-Site", "cross-site"),
    )
]
HEADERS += [
    Ask(name, "/static/css/panel.css", headers={name: value})
    for name, value in (
        ("Range", "bytes=999999999-"),
        ("Range", "bytes=5-1"),
        ("If-Modified-Since", "\xff"),
        ("If-Range", "x"),
        ("If-None-Match", "W/"),
    )
]

COOKIES = [
    Ask(name, path, cookie=cookie)
    for path in (LISTED, "/masuk")
    for name, cookie in (
        ("made up", "panel=eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"),
        ("cut", "$cut_cookie"),
        ("bent", "$bent_cookie"),
        ("of no algorithm", "panel=.eJwl.x.y"),
        ("not base64", "panel=%%%.$$$.@@@"),
        ("packed", "panel=.eJzT0yMAAGTvBe8.aaaaaa.bbb"),
        ("no UTF-8", "panel=\xff\xfe"),
        ("long", "panel=" + "a" * 9_000),
        ("remembered", "remember_token=1|\xe9"),
        ("remembered", "remember_token=1|" + "0" * 128),
        ("many", "; ".join(f"c{n}={n}" for n in range(500))),
        ("empty", "panel="),
        ("nameless", "=; ; =x; panel"),
        ("over https", "__Host-panel=$value_cookie"),
        ("quoted", 'panel="\\377\\000\\042"'),
    )
]

VERBS = [
    Ask(verb, path, verb)
    for verb in ("PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "GETS")
    for path in ("/pengaduan/details/?id=$mine", "/masuk", "/keluar")
    if (verb, path) != ("HEAD", "/masuk")
]
VERBS += [
    post("the verb in a field", "/pengguna/edit/?id=$self", {"_method": "DELETE", "X-HTTP-Method": "PUT"}),
    Ask("what only a form may do", "/pengaduan/langkah/raise/?id=$at_raise&cases=$at_raise:$v_raise&do=perform"),
    Ask("what only a form may do", "/pengaduan/action/?action=raise&rowid=$at_raise"),
    Ask("what only a form may do", "/riwayat/periksa/"),
    Ask("what only a form may do", "/keluar"),
    Ask("what only a form may do", "/media/new/?code=x&name=x&group=langsung", "HEAD"),
]

# What another site would make the browser of somebody signed in send: all but the token.
ACT = {"cases": "$at_raise:$v_raise", "do": "perform"}
FORGED = [
    post("without a token", "/pengaduan/langkah/raise/", ACT, token=False),
    post("with an empty token", "/pengaduan/langkah/raise/", {**ACT, "csrf_token": ""}, token=False),
    post("with a token of its own", "/pengaduan/langkah/raise/", {**ACT, "csrf_token": "x" * 91}, token=False),
    post("with many tokens", "/pengaduan/langkah/raise/", {**ACT, "csrf_token": ["a", "b"]}, token=False),
    post("with a token that is no UTF-8", "/pengaduan/langkah/raise/", {**ACT, "csrf_token": "\udcff"}, token=False),
    post("the token in the address", "/pengaduan/langkah/raise/?csrf_token=x", ACT, token=False),
    post("as text", "/pengaduan/langkah/raise/", body=b"cases=1:1&do=perform", kind="text/plain", token=False),
    post("a header of a script", "/pengaduan/langkah/raise/", ACT, headers={"X-CSRFToken": "\xff"}, token=False),
    post("a new medium", "/media/new/", {"code": "x", "name": "x", "group": "langsung", "active": "y"}, token=False),
    post("the own role", "/pengguna/edit/?id=$self", {"role": "petugas"}, page="/pengguna/edit/?id=$self", token=False),
    post("out", "/keluar", token=False),
    post("in as another", "/masuk", {"username": "admin", "password": "x"}, token=False),
]
