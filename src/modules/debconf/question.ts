import type { Setting } from '../setting.ts';

/** What debconf holds of a question. */
export interface Answer {
  /** The package is among those that the question belongs to. */
  readonly owned: boolean;
  readonly type: string;
  readonly seen: boolean;
  readonly value: string;
}

/** The answer to a question, as a package knows it: a line with `owned` or `foreign`, type and seen, then the answer. */
export function questionSetting(name: string, question: string): Setting {
  const run = (verb: string) => ['/bin/sh', '-c', SCRIPT, 'sh', verb, name, question];
  return { key: `debconf:${name}/${question}`, look: run('look'), back: run('back') };
}

/** Takes what was shown apart; undefined when there is no such question. */
export function readAnswer(text: string): Answer | undefined {
  const [, owned, type, seen, value] = /^(\S+) (\S*) (\S+)\n(.*)\n$/s.exec(text) ?? [];
  if (owned === undefined) return undefined;
  return { owned: owned === 'owned', type: type!, seen: seen === 'true', value: value! };
}

/** Puts one together. */
export function writeAnswer({ owned, type, seen, value }: Answer): string {
  return `${owned ? 'owned' : 'foreign'} ${type} ${seen}\n${value}\n`;
}

/** Reads what debconf-show prints: question -> answer. */
export function readQuestions(output: string): Record<string, string> {
  const lines = output.split('\n').map((line) => /^[* ] ([^:]+):(?: (.*))?$/.exec(line));
  return Object.fromEntries(lines.flatMap((found) => (found ? [[found[1]!, (found[2] ?? '').trim()]] : [])));
}

// debconf-communicate(1) speaks debconf's protocol: an answer line for each command, 10 for a question that is not there.
const SCRIPT = `
verb=$1 package=$2 question=$3
DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes
export DEBIAN_FRONTEND DEBCONF_NOWARNINGS
command -v debconf-communicate >/dev/null || { echo "there is no debconf on the target" >&2; exit 127; }
case $verb in
  look)
    said=$(printf '%s\\n' "METAGET $question owners" "METAGET $question type" "FGET $question seen" "GET $question" |
      debconf-communicate)
    case $said in
      "10 "*) exit 0 ;;
      "0 "*) ;;
      *) exit 1 ;;
    esac
    printf '%s\\n' "$said" | {
      read -r code owners && read -r code type && read -r code seen && IFS= read -r value || exit 1
      case ", $owners," in *", $package,"*) whose=owned ;; *) whose=foreign ;; esac
      printf '%s %s %s\\n%s\\n' "$whose" "$type" "\${seen:-false}" "\${value#0 }"
      cat
    }
    ;;
  back)
    if read -r whose type seen && IFS= read -r value; then
      printf '%s %s %s %s\\n' "$package" "$question" "$type" "$value" | debconf-set-selections || exit 1
      if [ "$seen" != true ]; then echo "FSET $question seen false" | debconf-communicate >/dev/null; fi
      if [ "$whose" = owned ]; then exit 0; fi
    fi
    echo "UNREGISTER $question" | debconf-communicate "$package" >/dev/null
    ;;
esac
`;
