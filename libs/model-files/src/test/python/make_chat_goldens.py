"""Makes src/test/resources/chat/{features,conversations}.json with the reference implementation.

Run it from the module's folder, in a Python environment with transformers and jinja2:

    python src/test/python/make_chat_goldens.py src/test/resources/chat

features.json: small templates, a feature each, with what they render, or how they fail: "raised" (by raise_exception,
with its message), "malformed" (refused before anything is rendered) or "failed" (while rendering).
conversations.json: templates with the features that those of well-known model families have, each rendered for several
conversations.
"""

import json
import pathlib
import sys

import jinja2
import transformers
from transformers.utils.chat_template_utils import _compile_jinja_template, render_jinja_template

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)


def outcome(render):
    try:
        return {"text": render()}
    except jinja2.exceptions.TemplateSyntaxError as e:
        return {"error": "malformed", "message": str(e)}
    except Exception as e:
        raised = type(e) is jinja2.exceptions.TemplateError
        return {"error": "raised" if raised else "failed", "message": str(e)}


VARIABLES = {
    "name": "World", "empty": "", "nothing": None, "yes": True, "no": False, "number": 7, "negative": -3, "pi": 3.14159,
    "big": 12345678901234567890, "small": 1e-7, "large": 1e22, "whole": 4.0, "text": "  the quick Brown fox\n", "html": "<a href=\"x\">'&'</a>",
    "words": ["pear", "Apple", "fig", "apple"], "numbers": [3, 1, 2, 3], "none_list": [None, 0, "", "x", []],
    "user": {"name": "Ann", "age": 30, "tags": ["a", "b"], "items": "shadowed", "address": {"city": "Graz"}},
    "people": [{"name": "Ann", "age": 30, "on": True}, {"name": "bob", "age": 25, "on": False}, {"name": "Cy", "age": 41}],
    "accents": "Grüße, Ärger ß 😀 Straße", "quotes": "it's \"quoted\" \\ \t tab", "lines": "one\ntwo\n\nthree", "unicode": "\u2028\u00a0x\u00a0",
    "schema": {"type": "object", "properties": {"city": {"type": "string", "enum": ["a", "b"]}, "n": {"type": "number", "default": 1.5}},
               "required": ["city"], "empty": {}, "list": [], "nested": [[1, [2, {}]]], "ü": "\u0001\u007f</x>", "null": None, "t": True},
}
FEATURES = """
{{ name }}|{{ nothing }}|{{ yes }}|{{ number }}|{{ pi }}|{{ undefined_thing }}|{{ big }}
{{ small }} {{ large }} {{ whole }} {{ 1e16 }} {{ 123456789.125 }} {{ 0.0001 }} {{ 0.00001 }} {{ 1.5e300 }} {{ -0.0 }} {{ 1_000 }} {{ 0x1F }} {{ 0b11 }} {{ 0o17 }} {{ 1e3 }}
{{ words }} {{ numbers }} {{ user }} {{ none_list }} {{ (1, 'a') }} {{ (1,) }} {{ () }} {{ [] }} {{ {} }} {{ quotes }} {{ [quotes, accents, "\\u2028"] }}
{{ 1 + 2 * 3 - 4 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7.5 % 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 7 / 7 }} {{ 7.0 // 2 }} {{ 1 - -1 }} {{ +3 }}
{{ 'a' + 'b' }} {{ 'a' ~ 1 ~ none ~ true }} {{ 'ab' * 3 }} {{ [1] + [2] }} {{ (1,) + (2,) }} {{ [0] * 3 }} {{ 3 * 'x' }} {{ true + 1 }} {{ 1 ~ undefined_thing ~ 2 }}
{{ 1 < 2 < 3 }} {{ 1 < 2 > 3 }} {{ 1 == 1.0 }} {{ true == 1 }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ 'a' != 'b' }} {{ none == none }} {{ [1] == [1] }} {{ [1] == (1,) }} {{ {'a': 1} == {'a': 1.0} }}
{{ 'x' in 'xyz' }} {{ 2 in numbers }} {{ 'name' in user }} {{ 'z' not in words }} {{ not 'a' in 'b' }} {{ 1 in undefined_thing }} {{ undefined_thing in [1] }} {{ 'a' in {'a': 1}.keys() }}
{{ yes and no }} {{ no or 'x' }} {{ empty or nothing or 3 }} {{ not yes }} {{ not not 1 }} {{ 1 and 'two' }} {{ none and 1 }}
{{ 'a' if yes else 'b' }} {{ 'a' if no }} {{ 'a' if no else 'b' if no else 'c' }} {{ ('x' if yes) ~ 'y' }}
{{ user.name }} {{ user['name'] }} {{ user.missing }} {{ user.missing is defined }} {{ user.address.city }} {{ user['items'] }} {{ user.items is callable }} {{ words.0 }} {{ words[0] }} {{ words[-1] }} {{ words[9] }} {{ nothing.x }} {{ none['x'] is undefined }}
{{ words[1:] }} {{ words[:-1] }} {{ words[::-1] }} {{ words[1:3] }} {{ words[::2] }} {{ words[-3:-1] }} {{ name[1:3] }} {{ name[::-1] }} {{ name[0] }} {{ words[5:] }} {{ words[None:2] }} {{ words[:2][0][1] }} {{ words[3:0:-1] }} {{ accents[-8:] }} {{ accents[14] }}
{{ text.strip() }}|{{ text.lstrip() }}|{{ text.rstrip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'abc'.rstrip('cb') }}|{{ unicode.strip() }}|{{ '\\x1c a'.strip() }}|
{{ text.split() }} {{ 'a,b,,c'.split(',') }} {{ 'a,b,c'.split(',', 1) }} {{ 'a b  c'.rsplit(None, 1) }} {{ 'a</think>b</think>c'.split('</think>')[-1] }} {{ 'abc'.split('x') }} {{ ''.split(',') }} {{ ''.split() }} {{ 'a,b,c'.rsplit(',', 1) }} {{ '  a b '.split(None, 1) }} {{ 'x  y'.split(' ') }} {{ 'a,b'.split(sep=',', maxsplit=0) }}
{{ name.upper() }} {{ name.lower() }} {{ 'hello wORLD it\\'s'.title() }} {{ 'hELLO'.capitalize() }} {{ 'aXb'.swapcase() }} {{ accents.upper() }} {{ 'ΑΣ'.lower() }} {{ 'Straße'.casefold() }}
{{ name.startswith('Wo') }} {{ name.endswith('x') }} {{ name.startswith(('a', 'W')) }} {{ name.replace('o', '0') }} {{ 'aaa'.replace('a', 'b', 2) }} {{ 'abc'.find('c') }} {{ 'abcabc'.rfind('b') }} {{ 'abc'.find('z') }} {{ 'abab'.count('ab') }} {{ 'abc'.index('b') }} {{ 'a'.replace('', '-') }}
{{ '12'.isdigit() }} {{ 'ab'.isalpha() }} {{ 'a1'.isalnum() }} {{ ' '.isspace() }} {{ 'AB'.isupper() }} {{ 'ab'.islower() }} {{ ''.isdigit() }} {{ lines.splitlines() }} {{ 'prefix'.removeprefix('pre') }} {{ 'suffix'.removesuffix('fix') }} {{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ '7'.zfill(3) }} {{ '-7'.zfill(4) }} {{ 'a'.ljust(3) }}|{{ 'a'.rjust(3, '.') }}|{{ 'a'.center(4) }}|{{ '-'.join(['a', 'b']) }}
{{ user.keys()|list }} {{ user.values()|list|length }} {{ user.address.items()|list }} {{ user.get('name') }} {{ user.get('x') }} {{ user.get('x', 'd') }} {{ user.items()|length }} {{ words.index('fig') }} {{ words.count('apple') }} {{ user.address.items() }} {{ user.address.keys() }} {{ user.address.values() }}
{{ text|trim }}|{{ name|upper }}|{{ name|lower }}|{{ 'the quick-brown (fox) <a>'|title }}|{{ 'hELLO wORLD'|capitalize }}|{{ words|length }}|{{ name|count }}|{{ 'xax'|trim('x') }}|{{ accents|length }}
{{ words|join(', ') }} {{ words|join }} {{ people|join(';', attribute='name') }} {{ numbers|join('-') }} {{ [none, 1.0, true]|join('/') }} {{ 'abc'|join('.') }} {{ words|join(d=' + ') }}
{{ undefined_thing|default('d') }} {{ nothing|default('d') }} {{ nothing|default('d', true) }} {{ empty|d('e', boolean=true) }} {{ user.missing|default(user.name) }} {{ undefined_thing|default }}
{{ people|map(attribute='name')|list }} {{ words|map('upper')|list }} {{ people|map(attribute='x', default='none')|join(',') }} {{ [user]|map(attribute='address.city')|list }} {{ words|map('replace', 'p', 'b')|list }} {{ [[1, 2]]|map(attribute=0)|list }} {{ []|map('upper')|list }} {{ [1.26, 2.74]|map('round', 1)|list }}
{{ people|selectattr('on')|map(attribute='name')|list }} {{ people|selectattr('age', 'gt', 26)|list|length }} {{ people|selectattr('name', 'equalto', 'bob')|list }} {{ people|rejectattr('on')|map(attribute='name')|list }} {{ people|selectattr('on', 'defined')|list|length }} {{ people|rejectattr('on', 'undefined')|list|length }} {{ people|selectattr('name', 'in', ['Cy'])|first }}
{{ numbers|select('odd')|list }} {{ numbers|reject('odd')|list }} {{ none_list|select|list }} {{ none_list|reject|list }} {{ numbers|select('gt', 1)|list }} {{ numbers|select('divisibleby', 3)|list }} {{ words|select('equalto', 'fig')|list }}
{{ words|sort }} {{ words|sort(reverse=true) }} {{ words|sort(case_sensitive=true) }} {{ people|sort(attribute='age')|map(attribute='name')|list }} {{ people|sort(attribute='name')|map(attribute='name')|join }} {{ numbers|sort|reverse|list }} {{ people|sort(attribute='age,name', reverse=true)|map(attribute='age')|list }} {{ [1, 2.5, true]|sort }}
{{ words|unique|list }} {{ numbers|unique|list }} {{ words|unique(case_sensitive=true)|list }} {{ people|unique(attribute='name')|list|length }}
{{ {'b': 1, 'A': 2, 'c': 0}|dictsort }} {{ {'b': 1, 'A': 2}|dictsort(case_sensitive=true) }} {{ {'b': 1, 'A': 2}|dictsort(by='value') }} {{ {'b': 1, 'A': 2}|dictsort(reverse=true) }} {{ user.address|items|list }} {{ undefined_thing|items|list }}
{{ words|first }} {{ words|last }} {{ []|first }} {{ name|first }} {{ name|last }} {{ user|first }} {{ []|last is undefined }} {{ words|reverse|list }} {{ name|reverse }}
{{ 'a'|string }} {{ 1|string ~ 2 }} {{ '42'|int }} {{ 'x'|int }} {{ 'x'|int(-1) }} {{ '3.9'|int }} {{ 3.9|int }} {{ 'ff'|int(0, 16) }} {{ '1.5'|float }} {{ 'x'|float }} {{ 'x'|float(2.5) }} {{ true|int }} {{ nothing|int }} {{ ' 12 '|int }} {{ '1e3'|float }} {{ '1_0'|int }} {{ -3.9|int }} {{ 'inf'|float }} {{ [1]|int(9) }}
{{ 3.14159|round(2) }} {{ 2.5|round }} {{ 3.5|round }} {{ 2.675|round(2) }} {{ 3.2|round(0, 'ceil') }} {{ 3.29|round(1, 'floor') }} {{ 7|round }} {{ 1234.5|round(-2) }} {{ 42.55|round(1, method='common') }} {{ 2.5|round|int }} {{ -3.5|abs }} {{ numbers|sum }} {{ people|sum(attribute='age') }} {{ numbers|max }} {{ numbers|min }} {{ words|max }} {{ []|min is undefined }} {{ [1.5, 2]|sum }}
{{ lines|indent }}|{{ lines|indent(2, true) }}|{{ lines|indent(width=2, blank=true) }}|{{ lines|indent('> ') }}|{{ ''|indent }}|{{ 'a\\n'|indent }}|
{{ html|e }} {{ html|escape }} {{ html|safe }} {{ 'a b c'|replace(' ', '_') }} {{ 'a b c'|replace(' ', '_', 1) }} {{ 'one two  three'|wordcount }} {{ 'abc'|list }} {{ user.address|list }} {{ 'a'|center(5) }}| {{ 12|replace(1, 3) }} {{ "%s is %d and %.2f"|format('x', 3, 1.5) }} {{ "%s-%s" % ('a', 1) }} {{ '%5d|%-5s|%05.1f|%x|%%|%r' % (42, 'ab', 3.14159, 255, 'q') }}
{{ schema|tojson }}
{{ schema|tojson(indent=2) }}
{{ schema|tojson(ensure_ascii=true) }} {{ accents|tojson(ensure_ascii=true) }} {{ accents|tojson }} {{ [1.0, 1e16, 1e-7, none, true]|tojson }} {{ schema|tojson(indent=4, sort_keys=true) }} {{ {'b': 1, 'a': [1, 2]}|tojson(separators=(',', ':')) }} {{ html|tojson }} {{ {1: 'a', none: 'b', false: 'c', 1.5: 'd'}|tojson }} {{ [1, [2]]|tojson(indent=0) }} {{ {'a': 1}|tojson(indent='--') }} {{ (1, 2)|tojson }} {{ big|tojson }} {{ quotes|tojson }}
{{ name is defined }} {{ x is undefined }} {{ nothing is none }} {{ name is string }} {{ user is mapping }} {{ words is iterable }} {{ words is sequence }} {{ user is sequence }} {{ name is sequence }} {{ name is iterable }} {{ 7 is number }} {{ 7.5 is number }} {{ true is number }} {{ yes is boolean }} {{ yes is true }} {{ no is false }} {{ 1 is true }} {{ 7 is integer }} {{ 7.0 is float }} {{ true is integer }} {{ 7 is iterable }} {{ nothing is iterable }} {{ undefined_thing is iterable }} {{ undefined_thing is sequence }} {{ none is mapping }} {{ undefined_thing is none }} {{ undefined_thing is string }}
{{ 3 is odd }} {{ 4 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }} {{ 1 is eq 1 }} {{ 'a' is equalto 'a' }} {{ 1 is ne 2 }} {{ 3 is gt 2 }} {{ 3 is le 2 }} {{ 'a' is in ['a'] }} {{ 'a' is in 'abc' }} {{ 'abc' is lower }} {{ 'ABC' is upper }} {{ none is sameas none }} {{ 1 is not none }} {{ x is not defined and 1 }} {{ name is defined and name is string }} {{ 'x' is in('xyz') }} {{ namespace is callable }} {{ 2 is lessthan 3 }} {{ 2 is ge 2 }} {{ name is defined == true }}
{% if yes %}a{% elif no %}b{% else %}c{% endif %}{% if no %}a{% elif yes %}b{% else %}c{% endif %}{% if no %}a{% elif nothing %}b{% else %}c{% endif %}{% if words and user.tags|length == 2 %}!{% endif %}{% if not words %}{% endif %}
{% for w in words %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ w }};{% endfor %}
{% for w in words %}{{ loop.previtem }}<{{ loop.nextitem }}{% if loop.previtem is defined %}+{% endif %}{% if loop.nextitem is undefined %}-{% endif %}{{ loop.cycle('x', 'y') }}{{ loop.changed(w|lower|first) }}{{ loop.depth }};{% endfor %}
{% for n in numbers if n > 1 %}{{ loop.index }}/{{ loop.length }}:{{ n }}{{ loop.last }},{% else %}none{% endfor %}{% for n in numbers if n > 5 %}{{ n }}{% else %}none{% endfor %}{% for n in [] %}x{% else %}empty{% endfor %}{% for n in undefined_thing %}x{% endfor %}
{% for k, v in user.address.items() %}{{ k }}={{ v }}{% endfor %}{% for k in user %}{{ k }},{% endfor %}{% for a, (b, c) in [(1, (2, 3))] %}{{ a + b + c }}{% endfor %}{% for c in 'ab😀' %}{{ c }}.{% endfor %}{% for k, v in user|dictsort %}{{ k }} {% endfor %}{% for x in 1, 2 %}{{ x }}{% endfor %}
{% for a in range(3) %}{% for b in range(a, 4) %}{{ a }}{{ b }}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}{{ range(10, 0, -3)|list }} {{ range(3)[1] }} {{ range(5)|length }} {{ 2 in range(3) }}
{% for n in range(9) %}{% if n == 2 %}{% continue %}{% endif %}{% if n == 5 %}{% break %}{% endif %}{{ n }}{% endfor %}{% for a in range(3) %}{% for b in range(3) %}{% if b == 1 %}{% break %}{% endif %}{{ a }}{{ b }} {% endfor %}{% endfor %}
{% set x = 1 %}{% for n in numbers %}{% set x = x + n %}{{ x }},{% endfor %}{{ x }}{% if yes %}{% set x = 'if' %}{% endif %}{{ x }}{% set a, b = 1, 'z' %}{{ a }}{{ b }}{% set t = 1, 2 %}{{ t }}{% set q = words if yes else [] %}{{ q|length }}
{% for n in [1, 2] %}{{ y|default('unset') }}{% set y = n %}{{ y }}{% endfor %}{{ y is defined }}
{% set ns = namespace(found=false, n=0, items=[]) %}{% for n in numbers %}{% set ns.n = ns.n + n %}{% if n == 2 %}{% set ns.found = true %}{% endif %}{% set ns.items = ns.items + [n] %}{% endfor %}{{ ns.found }} {{ ns.n }} {{ ns.items }} {{ ns.missing is defined }}{% set ns.late = 1 %}{{ ns.late }}{% set m = namespace({'a': 5}, b=6) %}{{ m.a + m.b }}{{ m['a'] }}
{% set block %}  text {{ name }}{% endset %}[{{ block }}]{% set shout | upper | trim %} hi {{ name }} {% endset %}[{{ shout }}]{% set z %}{% set inner = 1 %}{% endset %}{{ inner is defined }}
{% macro greet(who, mark='!', times=1) %}Hi {{ who }}{{ mark * times }}{% endmacro %}{{ greet('A') }} {{ greet('B', '?') }} {{ greet('C', times=3) }} {{ greet(who='D', mark='.') }} {{ greet() }} [{{ greet('E')|upper }}] {{ greet.name }} {{ greet.arguments }}
{% macro tree(node, depth=0) %}{{ '-' * depth }}{{ node.n }}{% for c in node.c %}{{ tree(c, depth + 1) }}{% endfor %}{% endmacro %}{{ tree({'n': 1, 'c': [{'n': 2, 'c': [{'n': 3}]}, {'n': 4}]}) }}
{% macro late() %}{{ defined_later }}{% endmacro %}{% set defined_later = 'seen' %}{{ late() }}{% macro shadow(name) %}{{ name }}{% set x = 5 %}{% endmacro %}{{ shadow('p') }}{{ name }}{{ x is defined }}{% macro dep(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ dep(1) }}{% for i in [1] %}{% macro inloop() %}{{ i }}{% endmacro %}{{ inloop() }}{% endfor %}
{% macro variadic(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ variadic(1, 2, 3, x=4) }}{% macro wrap(tag) %}<{{ tag }}>{{ caller() }}</{{ tag }}>{% endmacro %}{% call wrap('b') %}body {{ name }}{% endcall %}{% macro each(items) %}{% for i in items %}{{ caller(i) }}{% endfor %}{% endmacro %}{% call(i) each([1, 2]) %}[{{ i }}]{% endcall %}{% macro outer() %}{{ inner_macro() }}{% endmacro %}{% macro inner_macro() %}in{% endmacro %}{{ outer() }}
{% with a = 1, b = name %}{{ a }}{{ b }}{% set c = 2 %}{% endwith %}{{ a is defined }}{{ c is defined }}{% filter upper %}shout {{ name }}{% endfilter %}{% filter replace('a', 'b') | trim %} banana {% endfilter %}{% print(name) %}{% print name, 1 %}
{% raw %}{{ not rendered }} {% if %}{% endraw %}|{%- raw -%}  x  {%- endraw -%}  |{# a comment {{ x }} #}after{#- strip -#}   x
a  {%- if yes -%}  b  {%- endif -%}  c {{- name -}} d {{ name -}}   e   {{- name }} f {%+ if yes +%} g {%- endif +%} h
{% generation %}{{ name }}{% set inside = 1 %}{% endgeneration %}{{ inside is defined }}
{{ dict(a=1, b=2) }} {{ dict([('x', 1)]) }} {{ dict({'y': 1}, z=2) }} {{ {'a': 1, 'b': [1, {'c': 2}]}['b'][1].c }} {{ {'a': 1}.a }} {{ {'k' ~ 1: 'v'}.k1 }} {{ [1, 2,] }} {{ {'a': 1,} }} {{ 'con' 'cat' }} {{ "a\\nb" }} {{ 'it\\'s' }} {{ "\\x41\\u00e9\\U0001F600\\101\\q" }} {{ 1 if 2 > 1 }}
{{ [1, 2]|map('string')|join('+') }} {{ (people|map(attribute='age'))|sum }} {% set g = numbers|select('odd') %}{{ g|list }}{{ g|list }}{% if []|select %}truthy{% endif %} {{ words|map('length')|list }} {{ people|map(attribute='name')|map('upper')|select('ne', 'BOB')|join('&') }}
{{ name.upper().lower()[0].title() ~ name|length|string }} {{ -number|abs }} {{ (-number)|abs }} {{ not name is string }} {{ 1 + 2|string|int }} {{ 5 - 3 }} {{ 2 * 3 ~ 1 }} {{ 10 / 4 * 2 }} {{ 10 % 4 ** 2 }} {{ 1 ~ 2 + 3 }}
{{ raise_exception('Conversation roles must alternate: ' ~ name) }}
{{ raise_exception("x") if no else 'fine' }}
{{ undefined_thing.attribute }}
{{ undefined_thing['x'] }}
{{ undefined_thing + 1 }}
{{ undefined_function() }}
{{ 1 + 'a' }}
{{ 'a' + 1 }}
{{ none + 'x' }}
{{ 1 < 'a' }}
{{ 1 / 0 }}
{{ nothing|length }}
{{ words|tojson(bogus=1) }}
{{ undefined_thing|tojson }}
{{ name() }}
{{ 5 in 7 }}
{{ 1 in 'abc' }}
{% for x in 5 %}{% endfor %}
{% for x in nothing %}{% endfor %}
{% for a, b in [(1, 2, 3)] %}{% endfor %}
{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}
{% macro m(a) %}{% endmacro %}{{ m(b=2) }}
{{ words.append('x') }}
{{ user.update({'a': 1}) }}
{{ user.pop('name') }}
{{ name.__class__.__mro__ }}
{{ ''.__class__() }}
{{ name is bogus_test }}
{{ name|bogus_filter }}
{{ words|map('bogus')|list }}
{{ words|sort(attribute='x')|first|upper + 1 }}
{{ [1, 'a']|sort }}
{{ {[1]: 2} }}
{{ 'abc'|round }}
{{ user|dictsort(by='x') }}
{% set user.x = 1 %}
{{ 'a'.index('b') }}
{{ range(1000000)|length }}
{{ (words|map('upper'))|length }}
{{ [1,2][0,1] }}{{ x|default(user['a','b']|default('t')) }}
{% if %}{% endif %}
{% if yes %}
{% endif %}
{% for x words %}{% endfor %}
{{ 1 + }}
{{ (1 }}
{{ [1, }}
{{ 'unterminated }}
{{ name
{% bogus %}
{# open
{{ 1 ! 2 }}
{{ a b }}
{% set = 1 %}
{% set 1 = 2 %}
{% macro m(a=1, b) %}{% endmacro %}
{% raw %} never closed
{% else %}
{{ f(a=1, 2) }}
{% endfor %}
{{ }}
{{ 1 is odd is even }}
{% for x in words %}{% if x %}{% endfor %}{% endif %}
""".strip("\n").split("\n")
FEATURES = [f for f in FEATURES] + [
    "{% if yes %}\n  {% for n in numbers %}\n    {{ n }}\n  {% endfor %}\n{% endif %}\nend\n",
    "  {% if yes %}\n  x\n  {% endif %}  \n y {# c #}\n  {# whole line #}\nz\n\n",
    "a\n    {%- if yes %}\n    b\n    {%- endif %}\n    c",
    "{%- for n in numbers -%}\n    {{ n }}\n{%- endfor -%}\n\n x",
    "x {% if yes %} y{% endif %}\n\n{{ name }}\n\n\nz\r\nw\rv",
    "{{ name }}\n",
    "{{ name }}\n\n",
    "   {{ name }}  {% set a = 1 %}  \n   {{- a }}\n\t{% set b = 2 %}\n{{ b }}",
    "{%+ if yes %}\n  keep{% endif +%}\n  {%+ set q = 1 %}\n{{ q }}",
    "{{ {'a': {'b': 1}}['a'] }}{{ {'x': '}}'}.x }}{{ '{{ }}' }}{{ \"{% if %}\" }}",
    "{% set ns = namespace(i=0) %}{% for n in numbers if ns.i < 2 %}{% set ns.i = ns.i + 1 %}{{ n }}{% endfor %}",
    "{% set ns = namespace(i=0) %}{% for n in numbers if ns.i < 2 %}{% set ns.i = ns.i + 1 %}{{ n }}{{ loop.last }}{% endfor %}",
    "{% for w in words %}\n{{ w }}\n{% if loop.last %}\nlast\n{% else %}\nmore\n{% endif %}\n{% endfor %}\n",
    "{% macro a() -%}\n   x\n{%- endmacro %}\n[{{ a() }}]\n{% macro b() %}\n   x\n{% endmacro %}\n[{{ b() }}]",
    "{% set content = text.strip() -%}\n\n{{- content ~ '\\n' -}}\n\n|",
    "{% raw %}\n  {{ x }}\n{% endraw %}\n  {% raw -%}\n y {%- endraw %}\nz",
    "{{ 'a' }}{#- c -#}\n\n b {#+ d +#}\n e",
    "{% for a in [1, 2] %}{% set outer_loop = loop %}{% for b in [1] %}{{ outer_loop.index }}{{ loop.index }}{% endfor %}{% endfor %}",
    "{{ strftime_now('%Y') | length }}{{ strftime_now('%d %b %Y') | length }}",
    "",
    "\n",
    "{{ (x.y is defined) if x is defined else 'no x' }}",
    "{{ x.y is defined if x is defined else 'no x' }}{{ (x | default({})).y is defined }}",
    "{% if user.name == 'Ann' and (user.age > 18 or not user.tags) %}{{ 'ok' }}{% endif %}",
    "{% for p in people %}{{ p.name }}{% if not loop.last %}, {% endif %}{% endfor %}.",
    "{% set a = [1, 2] %}{% set b = a + [3] %}{{ a }}{{ b }}{{ a[:] == a }}{{ b[1:] + a[:1] }}",
    "{{ people[0]['name'] }}{{ people[-1].age }}{{ people[1:][0].name }}{{ people|length - 1 }}{{ people[people|length - 1].name }}",
    "{{ 'x' if user.get('zip') is none else 'y' }}{{ user.get('name', '')|length > 2 }}{{ 'name' in user and user['name'] is not none }}",
    "{{ '<|im_start|>' + 'user' + '\\n' + name + '<|im_end|>' }}",
]

features = []
for template in FEATURES:
    features.append({"template": template, **outcome(lambda: _compile_jinja_template(template).render(**VARIABLES))})

TOOL = {"type": "function", "function": {
    "name": "get_weather", "description": "Get the weather.\nFor \"any\" city.", "parameters": {
        "type": "object", "properties": {
            "city": {"type": "string", "description": "The city"}, "units": {"type": "string", "enum": ["C", "F"], "default": "C"},
            "days": {"type": "array", "items": {"type": "integer"}}},
        "required": ["city"]}}}
CALL = {"role": "assistant", "content": None, "tool_calls": [
    {"id": "call12345", "type": "function", "function": {"name": "get_weather", "arguments": {"city": "Graz", "days": [1, 2]}}}]}
CONVERSATIONS = {
    "single": dict(messages=[{"role": "user", "content": " Hello <there> & 'you' 😀 "}]),
    "system": dict(messages=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"},
                             {"role": "assistant", "content": "Hello!"}, {"role": "user", "content": "And\nnow?\n"}]),
    "finished": dict(messages=[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "<think>\nhm\n</think>\n\nHello! "}],
                     add_generation_prompt=False),
    "tools": dict(messages=[{"role": "user", "content": "Weather in Graz?"}, CALL,
                            {"role": "tool", "name": "get_weather", "tool_call_id": "call12345", "content": "{\"sun\": true}"},
                            {"role": "tool", "name": "get_weather", "tool_call_id": "call12345", "content": "late"},
                            {"role": "assistant", "content": "Sunny."}, {"role": "user", "content": "Thanks"}], tools=[TOOL]),
    "unordered": dict(messages=[{"role": "assistant", "content": "I begin"}, {"role": "assistant", "content": "twice"}]),
    "parts": dict(messages=[{"role": "user", "content": [{"type": "text", "text": "one "}, {"type": "image"}, {"type": "text", "text": "two"}]}]),
    "thinking": dict(messages=[{"role": "user", "content": "Hi"}, {"role": "assistant", "reasoning_content": "r", "content": "a"},
                               {"role": "user", "content": "Again"}], enable_thinking=False),
    "continued": dict(messages=[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "It begins with "}],
                      add_generation_prompt=False, continue_final_message=True),
}
TEMPLATES = {
    # As Llama 2: turns that have to alternate, the system's text inside the first of them, strip().
    "alternating": """{% if messages[0]['role'] == 'system' %}{% set intro = '{' + messages[0]['content'] + '}\\n' %}{% set turns = messages[1:] %}{% else %}{% set intro = false %}{% set turns = messages %}{% endif %}{% for turn in turns %}{% if (turn['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Expected a turn of the ' ~ ('user' if loop.index0 is even else 'assistant') ~ ' at ' ~ loop.index0) }}{% endif %}{% if loop.first and intro != false %}{% set body = intro + turn['content'] %}{% else %}{% set body = turn['content'] %}{% endif %}{% if turn['role'] == 'user' %}{{ bos_token + '<ask> ' + body.strip() + ' </ask>' }}{% elif turn['role'] == 'assistant' %}{{ ' ' + body.strip() + ' ' + eos_token }}{% endif %}{% endfor %}""",
    # As Llama 3: a head before each message, line breaks inside string literals, filters that bind tighter than +.
    "heads": """{% set all = messages %}{% for m in all %}{% set piece = '<head>' + m['role'] + '</head>\n\n' + m['content'] | trim + '<end>' %}{% if loop.index0 == 0 %}{% set piece = bos_token + piece %}{% endif %}{{ piece }}{% endfor %}{% if add_generation_prompt %}{{ '<head>assistant</head>\n\n' }}{% endif %}""",
    # As Llama 3.1: variables that may be missing, reassigned messages, tojson(indent), items of arguments, a call at a time.
    "environment": """{{- bos_token }}
{%- if own_tools is defined %}
    {%- set tools = own_tools %}
{%- endif %}
{%- if not today is defined %}
    {%- if strftime_now is defined %}
        {%- set today = "1 May 2024" %}
    {%- endif %}
{%- endif %}

{#- What the system says is taken out of the messages. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set preface = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set preface = "" %}
{%- endif %}
{{- "<head>system</head>\\n" }}
{%- if tools is not none %}
    {{- "Shell: yes\\n" }}
{%- endif %}
{{- "Date: " + today + "\\n" }}
{%- if tools is not none %}
    {%- for tool in tools %}
        {{- tool | tojson(indent=4) }}
        {{- "\\n" }}
    {%- endfor %}
{%- endif %}
{{- preface + "<end>" }}
{%- for m in messages %}
    {%- if not (m.role == 'shell' or m.role == 'tool' or 'tool_calls' in m) %}
        {{- '<head>' + m['role'] + '</head>\\n'+ m['content'] | trim + '<end>' }}
    {%- elif 'tool_calls' in m %}
        {%- if not m.tool_calls|length == 1 %}
            {{- raise_exception("Expected one call, got " ~ m.tool_calls|length) }}
        {%- endif %}
        {%- set called = m.tool_calls[0].function %}
        {{- '<head>assistant</head>\\n' -}}
        {{- called.name + '(' }}
        {%- for key, value in called.arguments | items %}
            {{- key + '=' ~ value }}
            {%- if not loop.last %}
                {{- ", " }}
            {%- endif %}
        {%- endfor %}
        {{- ') ' + called.arguments | tojson + '<end>' }}
    {%- elif m.role == "tool" or m.role == "shell" %}
        {{- "<head>shell</head>\\n" }}
        {%- if m.content is mapping or m.content is iterable %}
            {{- m.content | tojson }}
        {%- else %}
            {{- m.content }}
        {%- endif %}
        {{- "<end>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<head>assistant</head>\\n' }}
{%- endif %}
""",
    # As Mistral: a namespace that counts, selectattr, messages compared, for with if over items, ids that are checked.
    "counted": """{%- set turns = messages[1:] if messages[0]["role"] == "system" else messages %}
{%- if messages[0]["role"] == "system" %}
    {%- set preface = messages[0]["content"] %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- set asked = turns | selectattr("role", "equalto", "user") | list %}

{%- set seen = namespace() %}
{%- set seen.turns = 0 %}
{%- for turn in turns %}
    {%- if not (turn.role == "tool" or (turn.tool_calls is defined and turn.tool_calls is not none)) %}
        {%- if (turn["role"] == "user") != (seen.turns % 2 == 0) %}
            {{- raise_exception("Turn " ~ seen.turns ~ " is of the wrong side") }}
        {%- endif %}
        {%- set seen.turns = seen.turns + 1 %}
    {%- endif %}
{%- endfor %}

{{- bos_token }}
{%- for turn in turns %}
    {%- if turn["role"] == "user" %}
        {%- if tools is not none and (turn == asked[-1]) %}
            {{- "<tools>[" }}
            {%- for tool in tools %}
                {%- set tool = tool.function %}
                {%- for key, value in tool.items() if key != "name" %}
                    {%- if value is string %}
                        {{- key + ': "' + value + '"' }}
                    {%- else %}
                        {{- key + ': ' + value|tojson }}
                    {%- endif %}
                    {%- if not loop.last %}
                        {{- ", " }}
                    {%- endif %}
                {%- endfor %}
                {{- "; " if not loop.last else "]" }}
            {%- endfor %}
            {{- "</tools>" }}
            {%- endif %}
        {%- if loop.last and preface is defined %}
            {{- "<ask>" + preface + "\\n" + turn["content"] + "</ask>" }}
        {%- else %}
            {{- "<ask>" + turn["content"] + "</ask>" }}
        {%- endif %}
    {%- elif turn.tool_calls is defined and turn.tool_calls is not none %}
        {{- "<calls>[" }}
        {%- for called in turn.tool_calls %}
            {%- set written = called.function|tojson %}
            {{- written[:-1] }}
            {%- if not called.id is defined or called.id|length != 9 %}
                {{- raise_exception("Expected an id of 9 characters") }}
            {%- endif %}
            {{- ', "id": "' + called.id + '"}' }}
            {%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" + eos_token }}{%- endif %}
        {%- endfor %}
    {%- elif turn["role"] == "assistant" %}
        {{- " " + turn["content"]|trim + eos_token}}
    {%- elif turn["role"] == "tool" %}
        {%- if turn.content is defined and turn.content.content is defined %}
            {%- set content = turn.content.content %}
        {%- else %}
            {%- set content = turn.content %}
        {%- endif %}
        {{- '<result>' + content|string + ' of ' + turn.tool_call_id + '</result>' }}
    {%- else %}
        {{- raise_exception("No turn of " + turn["role"] + " is expected here") }}
    {%- endif %}
{%- endfor %}
""",
    # As Qwen 2.5: tools in the system's turn, neighbours looked up by index, results of tools gathered in one turn.
    "gathered": """{%- macro open(role) %}{{ '<turn ' + role + '>\\n' }}{% endmacro %}
{%- if tools %}
    {{- open('system') }}
    {{- messages[0]['content'] if messages[0]['role'] == 'system' else 'Use the tools.' }}
    {{- "\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" ~ tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools>{\\"name\\": <name>}<turn/>\\n" }}
{%- elif messages[0]['role'] == 'system' %}
    {{- open('system') + messages[0]['content'] + '<turn/>\\n' }}
{%- endif %}
{%- for m in messages %}
    {%- if (m.role == "user") or (m.role == "system" and not loop.first) or (m.role == "assistant" and not m.tool_calls) %}
        {{- open(m.role) + m.content + '<turn/>' + '\\n' }}
    {%- elif m.role == "assistant" %}
        {{- '<turn ' + m.role + '>' }}
        {%- if m.content %}
            {{- '\\n' + m.content }}
        {%- endif %}
        {%- for called in m.tool_calls %}
            {%- if called.function is defined %}
                {%- set called = called.function %}
            {%- endif %}
            {{- '\\n<call>' + called.name + ' ' }}
            {{- called.arguments | tojson }}
            {{- '</call>' }}
        {%- endfor %}
        {{- '<turn/>\\n' }}
    {%- elif m.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<turn user>' }}
        {%- endif %}
        {{- '\\n<result>' + m.content + '</result>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<turn/>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- open('assistant') }}
{%- endif %}
""",
    # As Qwen 3: messages from the last to the first, thoughts cut out by split and strip, a switch for thinking.
    "thoughts": """{%- set found = namespace(searching=true, last=messages|length - 1) %}
{%- for m in messages[::-1] %}
    {%- set at = (messages|length - 1) - loop.index0 %}
    {%- if found.searching and m.role == "user" and m.content is string and not(m.content.startswith('<result>') and m.content.endswith('</result>')) %}
        {%- set found.searching = false %}
        {%- set found.last = at %}
    {%- endif %}
{%- endfor %}
{%- for m in messages %}
    {%- set said = m.content if m.content is string else '' %}
    {%- if m.role == "assistant" %}
        {%- set thought = '' %}
        {%- if m.reasoning_content is string %}
            {%- set thought = m.reasoning_content %}
        {%- elif '</think>' in said %}
            {%- set thought = said.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set said = said.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > found.last and (loop.last or thought) %}
            {{- 'A: (' + thought.strip('\\n') + ') ' + said.lstrip('\\n') }}
        {%- else %}
            {{- 'A: ' + said }}
        {%- endif %}
        {%- for called in m.tool_calls or [] %}
            {%- if (loop.first and said) or (not loop.first) %}
                {{- '\\n' }}
            {%- endif %}
            {%- if called.arguments is string %}{{- called.arguments }}{%- else %}{{- called.function.arguments | tojson }}{%- endif %}
        {%- endfor %}
        {{- eos_token }}
    {%- else %}
        {{- m.role[0].upper() + ': ' + said + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- 'A: ' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '() ' }}
    {%- endif %}
{%- endif %}""",
    # As Gemma: no system at all, a role that is called otherwise.
    "no system": """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('There is no system here') }}{% endif %}{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('User and assistant take turns') }}{% endif %}{% if (m['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = m['role'] %}{% endif %}{{ '<' + role + '>\n' + m['content'] | trim + '<>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<model>\n'}}{% endif %}""",
    # As Gemma 3: contents in parts, -%} everywhere.
    "parts": """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- set prefix = (messages[0]['content'] if messages[0]['content'] is string else messages[0]['content'][0]['text']) + '\n' -%}
    {%- set rest = messages[1:] -%}
{%- else -%}
    {%- set prefix = "" -%}
    {%- set rest = messages -%}
{%- endif -%}
{%- for m in rest -%}
    {%- set role = 'model' if m['role'] == 'assistant' else m['role'] -%}
    {{ '<' + role + '>\n' + (prefix if loop.first else "") }}
    {%- if m['content'] is string -%}
        {{ m['content'] | trim }}
    {%- elif m['content'] is iterable -%}
        {%- for part in m['content'] -%}
            {%- if part['type'] == 'image' -%}
                {{ '<image>' }}
            {%- elif part['type'] == 'text' -%}
                {{ part['text'] | trim }}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("No content") }}
    {%- endif -%}
    {{ '<>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<model>\n'}}
{%- endif -%}
""",
    # As Phi-3, with what the assistant said marked.
    "generation": """{% for m in messages %}{% if m['role'] == 'system' and m['content'] %}{{'[S]\n' + m['content'] + '[/]\n'}}{% elif m['role'] == 'user' %}{{'[U]\n' + m['content'] + '[/]\n'}}{% elif m['role'] == 'assistant' %}{% generation %}{{'[A]\n' + m['content'] + '[/]\n'}}{% endgeneration %}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '[A]\n' }}{% else %}{{ eos_token }}{% endif %}""",
    # ChatML, as many checkpoints without a family of their own have it.
    "chatml": """{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}""",
    # As Zephyr and OLMo: statements on lines of their own, line breaks inside expressions.
    "lines": """{{ eos_token }}{% for m in messages %}
{% if m['role'] == 'user' %}
{{ '(user)
' + m['content'] }}
{% elif m['role'] == 'assistant' %}
{{ '(assistant)
'  + m['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '(assistant)' }}
{% endif %}
{% endfor %}""",
    # As Falcon and DeepSeek: names before texts, state in a namespace, a default for what may be missing.
    "state": """{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set now = namespace(called=false, preface='') %}{%- for m in messages %}{%- if m['role'] == 'system' %}{% set now.preface = m['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{now.preface}}{%- for m in messages %}{% if not loop.first %}{{ '\n' }}{% endif %}{%- if m['role'] == 'user' %}{%- set now.called = false -%}{{'User: ' + m['content']}}{%- endif %}{%- if m['role'] == 'assistant' and m['content'] is none %}{%- for tool in m['tool_calls']%}{{'Call: ' + tool['type'] + ' ' + tool['function']['name'] + '\\n' + tool['function']['arguments']|tojson}}{%- endfor %}{%- endif %}{%- if m['role'] == 'assistant' and m['content'] is not none %}{% set said = m['content'] %}{% if '</think>' in said %}{% set said = said.split('</think>')[-1] %}{% endif %}{{'Bot: ' + said}}{%- endif %}{%- if m['role'] == 'tool' %}{%- set now.called = true -%}{{'Result: ' + m['content']}}{%- endif %}{%- endfor -%}{% if add_generation_prompt and not now.called %}{{'\n' + 'Bot:'}}{% endif %}""",
    # As those of Hermes and Command R, which write tools as functions: macros that call themselves, join, indent, map.
    "macros": """{%- macro type_of(schema) %}
{%- set plain = {"string": "str", "number": "float", "integer": "int", "boolean": "bool"} %}
{%- if plain[schema.type] is defined %}
    {{- plain[schema.type] }}
{%- elif schema.type == "array" %}
    {{- "List[" + type_of(schema['items']) + "]" }}
{%- elif schema.type is iterable and schema.type is not string %}
    {{- "Union[" + schema.type|join(",") + "]" }}
{%- else %}
    {{- "Any" }}
{%- endif %}
{%- endmacro %}
{%- macro signature(tool, only_required=false) -%}
{{ tool.name }}(
{%- for name, schema in tool.parameters.properties.items() if not only_required or name in tool.parameters.required -%}
    {{ name }}: {{ type_of(schema) }}{{ " = " ~ schema.default if schema.default is defined }}
    {%- if not loop.last %}, {% endif -%}
{%- endfor -%}
) -> {{ (tool.return | default({'type': 'any'})).type }}: "{{ tool.description|replace("\\n", " ") }}"
{%- endmacro -%}
{%- for tool in tools or [] %}
{{ signature(tool.function) }}
{{ signature(tool.function, only_required=true) | indent(4, true) }}
{% endfor %}
{%- for m in messages -%}
<{{ m.role|upper }}>{{ m.content if m.content is string else m.content|default([], true)|map(attribute='text')|select('defined')|join('|') }}
{% endfor -%}
{%- if add_generation_prompt %}<ASSISTANT>{% endif %}""",
}
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>"}
conversations = []
for style, template in TEMPLATES.items():
    for name, conversation in CONVERSATIONS.items():
        arguments = {"add_generation_prompt": True, "tools": None, **SPECIAL, **conversation}
        messages = arguments.pop("messages")
        spans = []

        def render():
            texts, indices = render_jinja_template(
                [messages], chat_template=template, return_assistant_tokens_mask="generation" in template, **arguments)
            spans.extend(indices[0] if indices else [])
            return texts[0]

        conversations.append({"template": style, "conversation": name, **outcome(render), **({"spans": spans} if spans else {})})

made_by = f"transformers {transformers.__version__}, jinja2 {jinja2.__version__}"
(out / "features.json").write_text(json.dumps({"made_by": made_by, "variables": VARIABLES, "cases": features}, indent=1) + "\n")
(out / "conversations.json").write_text(json.dumps(
    {"made_by": made_by, "special_tokens": SPECIAL, "templates": TEMPLATES, "conversations": CONVERSATIONS, "cases": conversations}, indent=1) + "\n")
print(sum("error" in f for f in features), "of", len(features), "features fail;", sum("error" in c for c in conversations), "of", len(conversations), "conversations fail")
for c in conversations:
    if "error" in c: print(c["template"], c["conversation"], c["error"], c["message"][:100])
