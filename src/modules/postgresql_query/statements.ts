/** Comments, and everything in which a semicolon ends nothing. */
const QUOTED =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:\\[\s\S]|''|[^'\\])*'|'(?:''|[^'])*'|"(?:""|[^"])*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|;/g;

/** Splits a text into its statements, without the semicolons between them. What is only comment is none. */
export function splitStatements(text: string): string[] {
  const bodies = /\bbegin\s+atomic\b/i.test(text);
  const all: string[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(QUOTED)) {
    if (found !== ';' || bodies) continue;
    all.push(text.slice(from, index));
    from = index + 1;
  }
  all.push(text.slice(from));
  return all.map((one) => one.replace(/[;\s]+$/, '')).filter((one) => firstWord(one) !== '');
}

/** The first word of a statement, in lower case; empty when there is nothing but comments. */
export function firstWord(statement: string): string {
  const bare = statement.replace(/^(?:\s|\(|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '');
  return /^\w+/.exec(bare)?.[0].toLowerCase() ?? bare.slice(0, 1);
}
