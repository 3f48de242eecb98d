/** Reads JSON text. */
import { parseJson } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';

/** Reads JSON. Throws TemplateFault with the parser's reason. */
export function readJson(text: string): unknown {
  try {
    return parseJson(text.replace(/(?<=[[{:,\s])NaN(?=[\]},\s])/g, 'null'));
  } catch (error) {
    throw new TemplateFault(`the text is not JSON: ${(error as Error).message}`);
  }
}
