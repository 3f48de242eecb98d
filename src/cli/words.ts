/** The words of a flag that may be given several times, each with a list separated by commas. */
export function words(lists: readonly string[] | undefined): readonly string[] {
  return (lists ?? [])
    .flatMap((list) => list.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
