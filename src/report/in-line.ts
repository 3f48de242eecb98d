const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Gives a text, such as the path of a file, as part of one line: whatever would end the line or talk to the terminal is spelled. */
export function inLine(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f]/g,
    (letter) => NAMES[letter] ?? `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
