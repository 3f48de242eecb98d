/** Tests of URLs, URIs and URNs. */

import { iterate } from '../python/logic.ts';
import { str } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';

function parts(value: unknown): { scheme: string; host: string; rest: string } {
  const [, scheme = '', authority = '', rest = ''] =
    /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([\s\S]*)$/.exec(str(value)) ?? [];
  return { scheme: scheme.toLowerCase(), host: authority, rest };
}

const known = (scheme: string, args: Args): boolean =>
  args.get('schemes') === null || iterate(args.get('schemes')).includes(scheme);

/** Tests by name. */
export const URL_TESTS: Routines = {
  uri: routine('schemes=null', (value, args) => {
    const { scheme } = parts(value);
    return scheme !== '' && known(scheme, args);
  }),
  url: routine('schemes=null', (value, args) => {
    const { scheme, host } = parts(value);
    return scheme !== '' && known(scheme, args) && (host !== '' || scheme === 'file');
  }),
  urn: routine('', (value) => /^urn:/i.test(str(value))),
};
