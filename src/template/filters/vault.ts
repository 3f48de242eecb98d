/** Filters that make and open vault texts, with a password of their own. */
import { BadEnvelope, openEnvelope, parseEnvelope, sealEnvelope } from '../../vault/index.ts';
import { str } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';

function seal(value: unknown, args: Args): string {
  const secret = args.text('secret');
  args.run.around.secrets.add(secret);
  const salt = args.optionalText('salt');
  return sealEnvelope(Buffer.from(str(value)), Buffer.from(secret), args.text('vaultid'), salt);
}

function open(value: unknown, args: Args): string {
  const text = str(value);
  const secret = args.text('secret');
  args.run.around.secrets.add(secret);
  if (!text.startsWith('$ANSIBLE_VAULT;')) return text;
  const opened = read(text, secret, args);
  if (opened === undefined) return args.fail('the secret does not open the vault text');
  args.run.around.secrets.add(opened);
  return opened;
}

function read(text: string, secret: string, args: Args): string | undefined {
  try {
    return openEnvelope(parseEnvelope(text), Buffer.from(secret))?.toString('utf8');
  } catch (error) {
    if (error instanceof BadEnvelope) return args.fail(error.message);
    throw error;
  }
}

/** Filters by name. */
export const VAULT_FILTERS: Routines = {
  unvault: routine('secret vaultid="filter_default"', open),
  vault: routine('secret salt=null vaultid="filter_default" wrap_object=false', seal),
};
