import { BigInteger } from '../../values/index.ts';

/** Gives a number that a server wrote, with all its digits when it is a whole one; what is no number stays text. */
export function numberOf(text: string): unknown {
  const number = Number(text);
  if (Number.isNaN(number) || text === '') return text;
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? new BigInteger(BigInt(text)) : number;
}
