/** The facts of a host as its tasks see them: variables of their own, and `ansible_facts`. */

type Facts = Readonly<Record<string, unknown>>;

/** Facts of `*.fact` files: a variable always, and the one fact that keeps its prefix in `ansible_facts`. */
const LOCAL_FACTS = 'ansible_local';

/** Variables that say how a host is reached and who acts there. */
const REACHES =
  /^(?:ansible_(?:connection|host|port|user|password|private_key_\w+|host_key_checking|timeout|executable|remote_tmp|pipelining|shell_\w+|become\w*|ssh_(?!host_key_(?!checking))\w+|(?:sftp|scp|paramiko|sudo|su)_\w+|\w+_interpreter)|cutover_\w+)$/;

/** Gives the names among facts that stay out of the variables: how a host is reached is not its own to say. */
export function restrictedFacts(facts: Facts): string[] {
  return Object.keys(facts).filter((name) => REACHES.test(name));
}

/** Gives the facts that are variables; only those of `*.fact` files with `inject_facts_as_vars = no` (`injected`: false). Computed once per set of facts. */
export function factVariables(facts: Facts, injected: boolean): Facts {
  if (!injected) return Object.hasOwn(facts, LOCAL_FACTS) ? { [LOCAL_FACTS]: facts[LOCAL_FACTS] } : {};
  return kept(variables, facts, () => {
    const restricted = new Set(restrictedFacts(facts));
    if (restricted.size === 0) return facts;
    return Object.fromEntries(Object.entries(facts).filter(([name]) => !restricted.has(name)));
  });
}
const variables = new WeakMap<Facts, Facts>();

/** Gives `ansible_facts`: the facts without `ansible_` before their names; computed once per set of facts. */
export function factsWithoutPrefix(facts: Facts): Facts {
  return kept(views, facts, () =>
    Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [
        name === LOCAL_FACTS ? name : name.replace(/^ansible_/, ''),
        value,
      ]),
    ),
  );
}
const views = new WeakMap<Facts, Facts>();

function kept(store: WeakMap<Facts, Facts>, facts: Facts, make: () => Facts): Facts {
  const known = store.get(facts) ?? make();
  store.set(facts, known);
  return known;
}
