/**
 * Regular expressions and shell patterns as Python reads them, because that is what playbooks are written in.
 *
 * Expressions become expressions of JavaScript with the same meaning; what JavaScript cannot say is refused by name. Patterns
 * come from playbooks and texts from hosts, so that whatever could take long runs under a time limit.
 */
export { RegexFault } from './fault.ts';
export { anyGlob, fnmatch, pathGlob } from './globs.ts';
export { compileRegex, type How, type Regex, type RegexFlags } from './regex.ts';
