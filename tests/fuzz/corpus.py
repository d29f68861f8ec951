"""Bad and odd values, each for one reason. Values of forms and parameters stand here as text."""

import json

# What no text of this site may hold: refused wherever something is stored or looked for.
FORBIDDEN = {
    "NUL": "a\0b",
    "bell": "ring\x07",
    "escape": "\x1b[31mred",
    "delete": "\x7f",
    "next line": "one\x85two",
    "override to the left": "photo\u202egnp.exe",
    "isolate never ended": "\u2066a",
}
# Letters that are nobody's fault. They may be refused for what they say, never for being there.
ODD = {
    "nothing": "",
    "spaces": "   ",
    "a line end": "\r\n",
    "emoji": "\U0001f469\u200d\U0001f52c\U0001f3fd",
    "to the left": "التزام \u200f אבג",
    "joiners": "می\u200cخواهم",
    "two thousand accents": "e" + "\u0301" * 2000,
    "full width": "\uff1cscript\uff1e",
    "not a character": "\uffff\ufdd0",
    "stand-in": "\ufffd",
    "last plane": "\U0010fffd",
    "script": "<script>alert(1)</script>",
    "markdown": "[x](javascript:alert(1)) ![y](//evil.example/z.png)",
    "a template": "{{ settings.SECRET_KEY }}{% debug %}${7*7}#{7*7}",
    "SQL": "' OR 1=1; DROP TABLE members_member; --",
    "like": "%_\\%",
    "a format": "%s%n%(x)s{0.__class__}",
    "a formula": '=HYPERLINK("http://evil.example")',
    "a path": "../../../../etc/passwd",
    "a header": "x\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "a shell": "$(reboot)`reboot`",
    "XML": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "long": "long " * 4000,
    "one long word": "w" * 20_000,
    "many lines": "\n" * 20_000,
    "a list": "a,b,,c,",
    "JSON": '{"a": [1, null]}',
}
NUMBERS = [
    *("-1", "0", "1", "+1", "1.0", "1e2", "1e400", "-1e400", "NaN", "Infinity", "-0", "0x10"),
    *("2147483647", "2147483648", "9223372036854775808", "9" * 400, "1_000", "1,5", "٣", "½"),
    *("²", "１", " 1", "1 ", "true", "null", "ten"),
]
DAYS = [
    *("0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-001-01-01", "-1", "2023-02-29"),
    *("2024-02-29", "1900-02-29", "2024-02-30", "2024-13-01", "2024-00-10", "2024-01-00"),
    *("2024-W01-1", "2024-366", "2024-001", "20240101", "2024-1-1", "01/02/2024", "1.2.2024"),
    *("2024-01-01T00:00:00Z", "2024-01-01T24:00:00+14:00", "2024-06-30T23:59:60Z"),
    *("2024-01-01 +12:00", "now", "today", "٢٠٢٤-٠١-٠١", "２０２４-01-01", "2024-01-01\x00"),
]
# A parameter's value as it stands in the address, where it is no text at all.
NOT_TEXT = {
    "a lone byte": "%FF",
    "cut off": "%E2%82",
    "overlong slash": "%C0%AF",
    "overlong NUL": "%C0%80",
    "three bytes for a slash": "%E0%80%AF",
    "half a pair": "%ED%A0%80",
    "a pair in halves": "%ED%A0%BD%ED%B8%80",
    "beyond the last plane": "%F4%90%80%80",
    "NUL": "%00",
    "another's alphabet": "%E9t%E9",
}
# A percent sign that begins nothing is text: itself.
PERCENT_SIGNS = ["%", "%%", "%4", "%zz", "%u0041", "100%25"]
TEXTS = [*FORBIDDEN.values(), *ODD.values(), *NUMBERS, *DAYS]
# Bodies that are no form, by the type they claim.
BODIES = {
    "deep lists": ("application/json", b"[" * 100_000),
    "deep objects": ("application/json", b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "one key twice": ("application/json", b'{"status": "planned", "status": "implemented"}'),
    "no number": ("application/json", b'{"base_version": NaN}'),
    "beyond numbers": ("application/json", b'{"base_version": 1e400}'),
    "a huge number": ("application/json", b'{"base_version": ' + b"9" * 5000 + b"}"),
    "half a pair": ("application/json", b'{"narrative": "\\ud800"}'),
    "cut off": ("application/json", b'{"narrative": "'),
    "a mark at the front": ("application/json", b"\xef\xbb\xbf" + json.dumps({}).encode()),
    "two bytes a letter": ("application/json; charset=utf-16", '{"a": 1}'.encode("utf-16")),
    "XML": ("application/xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
    "plain": ("text/plain", b"status=planned"),
    "no type": ("", b"status=planned"),
    "a type that is none": ("nonsense", b"status=planned"),
    "a type with a line end": ("text/plain\x0bx", b"status=planned"),
    "an unknown charset": ("application/x-www-form-urlencoded; charset=none", b"status=planned"),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-7", b"status=+AAA-"),
    "not UTF-8": ("application/x-www-form-urlencoded", b"narrative=\xff\xfe"),
    "not UTF-8, encoded": ("application/x-www-form-urlencoded", b"narrative=%FF%FE"),
    "signs alone": ("application/x-www-form-urlencoded", b"&=&==&%&%zz=%zz&;"),
    "too many fields": ("application/x-www-form-urlencoded", b"a=1&" * 3000),
    "parts without a boundary": ("multipart/form-data", b"--x\r\n\r\n--x--"),
    "an empty boundary": ("multipart/form-data; boundary=", b"----"),
    "a boundary never met": ("multipart/form-data; boundary=x", b"nothing"),
    "a boundary too long": ("multipart/form-data; boundary=" + "x" * 300, b"nothing"),
    "a part cut off": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="narrative"\r\n\r\nhal',
    ),
    "a part in base64": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n",
    ),
    "too many parts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 3000 + b"--x--\r\n",
    ),
    "too many files": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n1\r\n' * 300
        + b"--x--\r\n",
    ),
    "a file of another place": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="../../x\0.py"\r\n\r\n1\r\n'
        b"--x--\r\n",
    ),
}
HEADERS = [
    {"Accept": "text/plain;q=zero, */*;q=-1, ;;,"},
    {"Accept": "application/" + "x" * 3000},
    {"Accept-Language": "xx-" + "y" * 400 + ";q=2, \x01"},
    {"Accept-Encoding": "gzip;q=nan, br;q=1e400, *;q=0, identity;q=0"},
    {"Cookie": "sessionid=../../etc/passwd; csrftoken=%00"},
    {"Cookie": "sessionid=" + "a" * 6000},
    {"Cookie": "sessionid=\xff\xfe; messages=\\x00; =; ;;"},
    {"Cookie": "messages=WyJfX2pzb25fbWVzc2FnZSIs; sessionid="},
    {"Cookie": "django_language=../../x"},
    {"Referer": "javascript:alert(1)"},
    {"Referer": "https://evil.example/\x80"},
    {"Origin": "null"},
    {"Range": "bytes=0-0,5-1,-99999999999999999999"},
    {"If-None-Match": '"' + "x" * 3000},
    {"If-None-Match": 'W/"a", *, "\x80"'},
    {"If-Match": "*, nonsense"},
    {"If-Modified-Since": "Thu, 99 Feb 99999 25:61:61 GMT"},
    {"If-Modified-Since": "-1"},
    {"If-Unmodified-Since": "2024-01-01"},
    {"X-Forwarded-For": "\x00, ::1, 999.999.999.999"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Proto": "gopher"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"X-Requested-With": "XMLHttpRequest"},
    {"HX-Request": "true", "HX-Current-URL": "http://[::1", "HX-Boosted": "maybe"},
    {"HX-Request": "true", "HX-Current-URL": "%FF", "HX-Target": "\x80"},
    {"Authorization": "Bearer " + "\xff" * 20},
    {"Authorization": "Basic !!!"},
    {"Expect": "a wonder"},
    {"Content-Type": "text/html; charset=\x01"},
]
