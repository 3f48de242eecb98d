/** Whole templates and what they become, as ansible-core 2.14 renders them. */
import type { Table } from './table.ts';

/** Templates by topic: the text, and what it becomes. */
export const TEMPLATES: Table = {
  'white space': [
    ['a\n{% if true %}\nb\n{% endif %}\nc', 'a\nb\nc'],
    ['a {%- if true -%}  b  {%- endif %} c', 'ab c'],
    ['{% if true %}x{% endif %}\n', 'x\n'],
    ['{% for i in list %}\n{{ i }}\n{% endfor %}\n', '1\n2\n3\n'],
    ['  {% if true +%}\nx{% endif %}', '  \nx'],
    ['a{# gone #}b', 'ab'],
    ['a {#- gone -#} b', 'ab'],
    ['{{ 1 -}}   x   {{- 2 }}', '1x2'],
    ['{% raw %}{{ x }} {% y %}{% endraw %}', '{{ x }} {% y %}'],
    ['{%- raw %} {{ x }} {%- endraw %} z', ' {{ x }} z'],
    ['tail\n\n', 'tail\n\n'],
  ],
  if: [
    ['{% if no %}a{% elif yes %}b{% else %}c{% endif %}', 'b'],
    ['{% if no %}a{% endif %}|', '|'],
    ['{% if list %}full{% endif %}{% if empty %}x{% else %}empty{% endif %}', 'fullempty'],
  ],
  for: [
    ["{% for i in list %}{{ i }}{{ ',' if not loop.last }}{% endfor %}", '1,2,3'],
    ['{% for i in [] %}x{% else %}none{% endfor %}', 'none'],
    ['{% for i in list if i != 2 %}{{ loop.index }}/{{ loop.length }}:{{ i }} {% endfor %}', '1/2:1 2/2:3 '],
    ["{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}", 'a=1;b=2;'],
    [
      "{% for i in list %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.cycle('a', 'b') }} {% endfor %}",
      '032TrueFalsea 121FalseFalseb 210FalseTruea ',
    ],
    [
      "{% for i in list %}{{ loop.previtem | default('-') }}{{ loop.nextitem | default('-') }} {% endfor %}",
      '-2 13 2- ',
    ],
    ['{% for i in [1, 1, 2] %}{{ loop.changed(i) }} {% endfor %}', 'True False True '],
    [
      '{% for h in hosts %}{{ h.name }}:{% for t in h.tags %}{{ t }}{{ loop.depth }}{% endfor %};{% endfor %}',
      'web2:x1y1;db1:;web1:x1;',
    ],
    [
      '{% for i in [[1, [[2, []]]]] recursive %}{{ i[0] }}@{{ loop.depth }} {{ loop(i[1]) }}{% endfor %}',
      '1@1 2@2 ',
    ],
    ['{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}', '123'],
    [
      "{% for g, items in hosts | groupby('role') %}{{ g }}={{ items | map(attribute='name') | join('+') }} {% endfor %}",
      'db=db1 web=web2+web1 ',
    ],
  ],
  'set and namespaces': [
    ['{% set x = 1 %}{% set y, z = 2, 3 %}{{ x }}{{ y }}{{ z }}', '123'],
    ['{% set x = 1 %}{% for i in [1] %}{% set x = 5 %}{% endfor %}{{ x }}', '1'],
    ['{% if true %}{% set x = 3 %}{% endif %}{{ x }}', '3'],
    [
      '{% set ns = namespace(n=0) %}{% for i in list %}{% set ns.n = ns.n + i %}{% endfor %}n={{ ns.n }}',
      'n=6',
    ],
    ['{% set b %}hello {{ 1 + 1 }}{% endset %}{{ b | upper }}', 'HELLO 2'],
    ['{% set c | upper %}abc{% endset %}{{ c }}', 'ABC'],
    ['{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}', '3'],
    [
      '{% set l = [3, 1] %}{{ l.append(2) }}{{ l.sort() }}{{ l }} {{ l.pop() }} {{ l }} {{ l.insert(0, 9) }}{{ l }}',
      '[1, 2, 3] 3 [1, 2] [9, 1, 2]',
    ],
    [
      "{% set m = {'a': 1} %}{{ m.update({'b': 2}) }}{{ m.pop('a') }} {{ m.setdefault('q', 7) }} {{ m }}",
      "1 7 {'b': 2, 'q': 7}",
    ],
  ],
  macros: [
    [
      '{% macro m(a, b=2) %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(b=4, a=5) }}',
      '[12][13][54]',
    ],
    ['{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, c=3) }}', "(1, 2){'c': 3}"],
    ['{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}body{% endcall %}', '<body>'],
    ["{% macro m() %}<{{ caller('x') }}>{% endmacro %}{% call(y) m() %}{{ y }}body{% endcall %}", '<xbody>'],
    ['{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}', '3210'],
    ['{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}{{ m(1) }}{{ m.name }}', 'FalseTruem'],
  ],
  headers: [
    ['#jinja2: trim_blocks: False\n{% if yes %}\nx\n{% endif %}|', '\nx\n|'],
    ["#jinja2: variable_start_string: '[%', variable_end_string: '%]'\n[% 1 + 1 %] {{ no }}", '2 {{ no }}'],
    [' #jinja2: trim_blocks: False\n{{ 1 }}', ' #jinja2: trim_blocks: False\n1'],
  ],
  'filter blocks and text': [
    ["{% filter upper %}x{{ 'y' }}{% endfilter %}", 'XY'],
    ["{% filter replace('a', 'b') | upper %}banana{% endfilter %}", 'BBNBNB'],
    ['None leaves nothing: {{ nothing }}|', 'None leaves nothing: |'],
    ['{{ yes }} {{ 1.0 }} {{ list }} {{ mapping.b }}', 'True 1.0 [1, 2, 3] [1.5, None, True]'],
    ['{{ "{{ not evaluated }}" }}', '{{ not evaluated }}'],
    ["{{ 'a' if no }}|", '|'],
  ],
};
