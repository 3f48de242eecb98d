/** What is kept of each output of a command when nobody says otherwise. */
export const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;

const BLOCK = 65_536;

/** Gives how many blocks of 64 KiB head and tail may have each (see runtime/output-cap.sh); 0 for no limit. */
export function outputBlocks(limitBytes: number = OUTPUT_LIMIT_BYTES): number {
  return limitBytes <= 0 ? 0 : Math.max(1, Math.floor(limitBytes / 2 / BLOCK));
}
