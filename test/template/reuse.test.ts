import { describe, expect, it } from 'vitest';
import { scopeOf, templarWith } from './scope.ts';

const FILES = {
  '/play/templates/base.j2':
    'top {{ title }}\n{% block body %}base body{% endblock %}\n{% block foot %}foot{% endblock %}\n',
  '/play/templates/middle.j2': '{% extends "base.j2" %}{% block foot %}middle {{ super() }}{% endblock %}',
  '/play/templates/part.j2': 'part {{ x | default("none") }}\n',
  '/play/templates/macros.j2':
    '{% macro hi(name) %}hi {{ name }}{{ x | default("") }}{% endmacro %}{% set word = "w" %}',
  '/play/templates/sees.j2':
    'sees {{ x is defined }}{% set own = 1 %}{% macro m() %}{{ own }}{{ x }}{% endmacro %}{% macro n() %}{{ range(2) | length }}{% endmacro %}',
  '/here/near.j2': 'near',
};

const file = (text: string, variables: Record<string, unknown> = {}): unknown =>
  templarWith(FILES).renderFile(text, scopeOf(variables), { file: '/here/main.j2' });

describe('templates that use others', () => {
  it('extends, with blocks, super and self', () => {
    expect(
      file('{% extends "base.j2" %}{% set title = "T" %}{% block body %}mine, {{ super() }}{% endblock %}'),
    ).toBe('top T\nmine, base bodyfoot');
    expect(
      file('{% extends "middle.j2" %}{% block foot %}last {{ super() }}{% endblock %}', { title: 'T' }),
    ).toBe('top T\nbase bodylast middle foot');
    expect(file('{% block a %}x{% endblock %}{{ self.a() }}')).toBe('xx');
  });

  it('includes, with and without the variables around', () => {
    expect(file('{% set x = 1 %}{% include "part.j2" %}')).toBe('part 1');
    expect(file('{% set x = 1 %}{% include "part.j2" without context %}')).toBe('part none');
    expect(file('{% include "near.j2" %}')).toBe('near');
    expect(file('{% include ["nope.j2", "near.j2"] %}')).toBe('near');
    expect(file('a{% include "nope.j2" ignore missing %}b')).toBe('ab');
    expect(() => file('{% include "nope.j2" %}')).toThrow('the template "nope.j2" is not found');
  });

  it('imports', () => {
    expect(file('{% import "macros.j2" as m %}{{ m.hi("a") }} {{ m.word }}')).toBe('hi a w');
    expect(file('{% from "macros.j2" import hi, word as w %}{{ hi("b") }} {{ w }}')).toBe('hi b w');
    expect(file('{% set x = "!" %}{% from "macros.j2" import hi with context %}{{ hi("c") }}')).toBe('hi c!');
    expect(() => file('{% from "macros.j2" import nope %}{{ nope() }}')).toThrow(/does not export "nope"/);
  });

  it('shows variables only to those that are used with context', () => {
    const variables = { x: 5 };
    expect(file('{% include "sees.j2" %}', variables)).toBe('sees True');
    expect(file('{% include "sees.j2" without context %}', variables)).toBe('sees False');
    expect(file('{% import "sees.j2" as s %}{{ s }} {{ s.n() }}', variables)).toBe('sees False 2');
    expect(file('{% import "sees.j2" as s with context %}{{ s }} {{ s.m() }}', variables)).toBe(
      'sees True 15',
    );
    expect(() => file('{% from "sees.j2" import m %}{{ m() }}', variables)).toThrow(/'x' is undefined/);
  });

  it('blocks see the loop around them when they are scoped; super reaches over generations', () => {
    const block = (word: string) =>
      file(`{% for i in [1, 2] %}{% block b ${word} %}{{ i | default("-") }}{% endblock %}{% endfor %}`);
    expect(block('scoped')).toBe('12');
    expect(block('')).toBe('--');
    expect(
      file('{% extends "middle.j2" %}{% block foot %}{{ super.super() }}{% endblock %}', { title: 'T' }),
    ).toBe('top T\nbase bodyfoot');
  });

  it('do, break and continue', () => {
    expect(file('{% set l = [] %}{% do l.append(1) %}{{ l }}')).toBe('[1]');
    expect(
      file(
        '{% for i in [1, 2, 3, 4] %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}',
      ),
    ).toBe('13');
  });
});

describe('template files', () => {
  it('keeps the last line end as the file has it', () => {
    expect(file('a\n')).toBe('a\n');
    expect(file('a')).toBe('a');
    expect(file('{% if true %}\na\n{% endif %}\n')).toBe('a\n');
    expect(file('{{ "x" }}\n\n')).toBe('x\n\n');
    expect(file('a\n\n{{ "" }}\n')).toBe('a\n\n');
    expect(file('a {{ "" }}\n')).toBe('a \n');
  });

  it('obeys the header and the options', () => {
    expect(file('#jinja2: lstrip_blocks: True\n  {% if true %}\nx\n  {% endif %}\n')).toBe('x\n');
    expect(file('#jinja2: trim_blocks: False\n{% if true %}\nx{% endif %}')).toBe('\nx');
    expect(file("#jinja2: variable_start_string:'[%', variable_end_string:'%]'\n[% 1 + 1 %]{{ x }}")).toBe(
      '2{{ x }}',
    );
    // Only the template's own lines end so.
    expect(file("#jinja2: newline_sequence:'\\r\\n'\na\n{{ ['b', 'c'] | join('\\n') }}\n")).toBe(
      'a\r\nb\nc\r\n',
    );
    expect(file("#jinja2: newline_sequence:'\\r\\n', lstrip_blocks: True\na\n  {# b #}\nc\n")).toBe(
      'a\r\nc\r\n',
    );
    expect(
      file(
        "#jinja2: line_statement_prefix:'%', line_comment_prefix:'//'\n% for i in [1, 2]:\nrow {{ i }} // why\n% endfor\nend",
      ),
    ).toBe('row 1\nrow 2\nend');
    expect(
      file("#jinja2: line_statement_prefix:'%%', trim_blocks: False\n  %% if true\nx\n%% endif\ny\n"),
    ).toBe('x\ny\n');
    const templar = templarWith();
    const options = { file: 'x', lstripBlocks: true, trimBlocks: false, newlineSequence: '\r\n' };
    expect(templar.renderFile('  {% if true %}\nx\n  {% endif %}', scopeOf({}), options)).toBe('\r\nx\r\n');
  });

  it.each([
    ['trim_blocks', /has "trim_blocks", not "key: value"/],
    ['trim_blocks: Maybe', /sets trim_blocks to "Maybe", not to True or False/],
    ['trim_block: True', /sets "trim_block", which is not known/],
    ['', /has "", not/],
  ])('says what is wrong with the header %j', (header, problem) => {
    expect(() => file(`#jinja2:${header}\na`)).toThrow(problem);
  });

  it('leaves text of other languages alone', () => {
    const text = '${carbon.home} $secret{a} #{x} { % } %} }} ${sys:carbon.home}';
    expect(file(text)).toBe(text);
  });

  it('reads Windows line ends as line ends', () => {
    expect(file('a\r\n{% if true %}\r\nb\r\n{% endif %}\r\nc')).toBe('a\nb\nc');
  });
});
