/** How long a template of 1,000 lines takes: parsed and rendered the first time, and rendered again for other hosts. */
import { createSecrets } from '../src/secrets/index.ts';
import { createTemplar, type Scope } from '../src/template/index.ts';
import { machineLine, median, printTable } from './measure.ts';

const LINES = 1000;
const RENDERS = 30;
/** Milliseconds that a later render may take. */
const AIM = 50;

const kinds: readonly ((line: number) => string)[] = [
  (line) => `option.${line} = {{ settings.value }}`,
  (line) =>
    `{% if settings.enabled and port > ${line} %}listen {{ port + ${line} }};{% else %}# off{% endif %}`,
  (line) => `{{ name | upper }}_${line} = {{ users | map(attribute='name') | join(', ') }}`,
  () => "{% for user in users %}{{ user.name | default('nobody') }}:{{ loop.index }} {% endfor %}",
  (line) => `plain line ${line}, as most lines of most files are`,
];
const text = Array.from({ length: LINES }, (_, line) => kinds[line % kinds.length]!(line)).join('\n');

function scopeOf(host: number): Scope {
  const variables = new Map<string, unknown>([
    ['name', `host${host}`],
    ['port', 500],
    ['settings', { value: host, enabled: true }],
    ['users', Array.from({ length: 10 }, (_, index) => ({ name: `user${index}` }))],
  ]);
  return {
    has: (name) => variables.has(name),
    get: (name) => variables.get(name),
    names: () => variables.keys(),
  };
}

const templar = createTemplar({ secrets: createSecrets() });
const times: number[] = [];
for (let host = 0; host <= RENDERS; host++) {
  const scope = scopeOf(host);
  const start = performance.now();
  templar.renderFile(text, scope, { file: 'bench.conf.j2', trimBlocks: true });
  times.push(performance.now() - start);
}
const [first = Number.NaN, ...later] = times;

console.log(`A template of ${LINES} lines (${machineLine()})\n`);
printTable([
  ['', 'time', 'aim'],
  ['first render', `${first.toFixed(1)} ms`, ''],
  [`later renders, median of ${RENDERS}`, `${median(later).toFixed(1)} ms`, `${AIM} ms`],
  ['later renders, slowest', `${Math.max(...later).toFixed(1)} ms`, ''],
]);
