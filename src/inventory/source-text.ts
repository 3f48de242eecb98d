/** One inventory file as text. */
export interface SourceText {
  readonly text: string;
  /** The name that errors show. */
  readonly file: string;
}
