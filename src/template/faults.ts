/** What goes wrong while a template is read or evaluated, before it is given a place in a file. */
import { RegexFault } from '../regex/index.ts';
import { isUndefined, type Undefined, type Unknown } from '../values/index.ts';

/** A template's text and the file it is, when it is one. */
export interface TemplateSource {
  readonly text: string;
  readonly file: string | undefined;
  /** The line of the file on which the text begins: the second when there is a `#jinja2` header. */
  readonly firstLine?: number;
}

/** The name of a filter, test or lookup. */
export interface PluginName {
  readonly kind: 'filter' | 'test' | 'lookup';
  readonly name: string;
}

/** What is known of a fault beside its sentence. */
export interface FaultDetails {
  readonly offset?: number;
  readonly hint?: string;
  readonly missing?: Undefined;
  readonly notFound?: boolean;
  readonly plugin?: PluginName;
}

/** A mistake in a template. `offset` counts characters in the template's text; the templar turns it into file:line:column. */
export class TemplateFault extends Error {
  offset: number | undefined;
  source: TemplateSource | undefined;
  readonly hint: string | undefined;
  /** Whether something undefined was used: such a leaf is left as `Undefined` in lenient rendering. */
  readonly missing: Undefined | undefined;
  /** What was called and is not there. */
  readonly plugin: PluginName | undefined;
  /** Whether a file was not found: `ignore missing` and lists of templates go on then. */
  readonly notFound: boolean;
  /** Whether the text itself is wrong (its syntax, the name of a filter): it fails whatever the variables are. */
  inText = false;

  constructor(message: string, details: FaultDetails = {}) {
    super(message);
    this.offset = details.offset;
    this.hint = details.hint;
    this.missing = details.missing;
    this.notFound = details.notFound ?? false;
    this.plugin = details.plugin;
  }

  /** Says where it happened. */
  place(offset: number, source: TemplateSource): void {
    this.offset = offset;
    this.source = source;
  }
}

/** Gives an error as it is thrown on: a fault without a place gets this one, a bad regular expression becomes a fault. */
export function faultAt(error: unknown, offset: number, source: TemplateSource): unknown {
  const fault =
    error instanceof RegexFault
      ? new TemplateFault(error.message, error.hint === undefined ? {} : { hint: error.hint })
      : error;
  if (fault instanceof TemplateFault && fault.offset === undefined) fault.place(offset, source);
  return fault;
}

/** Gives what was undefined, when that is what an error of the templar (or one that names it as its cause) is about. */
export function missingIn(error: unknown): Undefined | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isUndefined(error.cause)) return error.cause;
  return error.cause instanceof TemplateFault ? error.cause.missing : undefined;
}

/** Whether an error of the templar is about the text itself, and not about values. */
export function isInText(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof TemplateFault && error.cause.inText;
}

/** Whether an error of the templar is about a filter, test or lookup that was called and is not built in. */
export function lacksPlugin(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof TemplateFault && error.cause.plugin !== undefined;
}

/** Thrown where the value of an `Unknown` is needed; the whole result is then that `Unknown`. Not an error. */
export class UnknownSignal extends Error {
  readonly unknown: Unknown;
  constructor(unknown: Unknown) {
    super(unknown.reason);
    this.unknown = unknown;
  }
}

/** Throws the error of using something undefined. */
export function refuseUndefined(value: Undefined): never {
  throw new TemplateFault(value.message, { hint: value.hint, missing: value });
}

/** Throws a type error in the words Python programmers know. */
export function typeFault(message: string): never {
  throw new TemplateFault(message);
}
