/**
 * Compares two versions of Debian packages: below zero when `a` is older, above when it is newer.
 * The rules are those of deb-version(7): epoch, upstream version, revision; `~` is older than nothing at all.
 */
export function compareDebianVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  return (
    left.epoch - right.epoch ||
    compareText(left.upstream, right.upstream) ||
    compareText(left.revision, right.revision)
  );
}

function parts(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch, rest] = /^(?:(\d+):)?(.*)$/s.exec(version.trim())!;
  const dash = rest!.lastIndexOf('-');
  if (dash < 0) return { epoch: Number(epoch ?? 0), upstream: rest!, revision: '' };
  return { epoch: Number(epoch ?? 0), upstream: rest!.slice(0, dash), revision: rest!.slice(dash + 1) };
}

// Texts without digits and numbers take turns, beginning with a text.
function compareText(a: string, b: string): number {
  const [left, right] = [turns(a), turns(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one, other] = [left[at] ?? '', right[at] ?? ''];
    const order = at % 2 === 0 ? compareLetters(one, other) : compareNumbers(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

function turns(text: string): string[] {
  return [...text.matchAll(/(\D*)(\d*)/g)].flatMap(([, letters, digits]) => [letters!, digits!]);
}

function compareNumbers(a: string, b: string): number {
  const [one, other] = [BigInt(a || '0'), BigInt(b || '0')];
  return one < other ? -1 : one > other ? 1 : 0;
}

function compareLetters(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = weight(a[at]) - weight(b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

function weight(letter: string | undefined): number {
  if (letter === undefined) return 0;
  if (letter === '~') return -1;
  return /[a-zA-Z]/.test(letter) ? letter.charCodeAt(0) : letter.charCodeAt(0) + 256;
}
