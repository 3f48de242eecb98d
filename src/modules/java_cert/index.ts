import {
  type CommandResult,
  commandOutput,
  contentOfBytes,
  fileContent,
  type Probe,
  setFile,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf } from '../command/result.ts';
import { seenThroughLink } from '../file-result.ts';
import { defineModule, type Plan } from '../types.ts';
import { certParams, type Params } from './params.ts';
import { REHEARSE } from './script.ts';

/** Entries of keystores. Keytool works on a copy, which is put in place like any other file, and can be put back. */
export default defineModule({
  name: 'java_cert',
  summary: 'Puts a certificate, or one with its key, into a keystore of Java, or takes one out.',
  params: certParams,
  needs: (given) => [rehearsal(given), fileContent(given.keystore_path, { follow: true })],
  plan(given, seen, { checkMode }): Plan {
    const said = answer(seen, rehearsal(given));
    const store = answer(seen, fileContent(given.keystore_path, { follow: true }));
    if (isUnknown(said)) return unknownPlan(said);
    if (isUnknown(store)) return unknownPlan(store);
    if (said.rc !== 0) {
      const failed = complaintOf(said);
      if (checkMode) return unknownPlan(new Unknown(failed));
      return {
        changes: [],
        failed,
        result: () => (said.rc === 3 ? {} : { rc: said.rc, cmd: commandOf(given) }),
      };
    }
    const end = said.stdoutBytes.indexOf('\n');
    const [verdict, was] = said.stdoutBytes.toString('latin1', 0, end).split(' ');
    if (verdict === 'same') return { changes: [], result: () => ({}) };
    const alias = `${aliasOf(given)}\n`;
    const changes = setFile(
      store,
      { type: 'file', content: contentOfBytes(said.stdoutBytes.subarray(end + 1)) },
      { secret: true },
    );
    return {
      changes: seenThroughLink(changes, store),
      result: () => ({
        cmd: commandOf(given),
        rc: 0,
        msg: '',
        stdout: '',
        diff: {
          before: was === 'there' ? alias : '\n',
          after: given.state === 'present' ? alias : null,
        },
      }),
    };
  },
});

function aliasOf({ cert_alias: alias, cert_url: url }: Params): string {
  return alias ?? url ?? '';
}

function rehearsal(given: Params): Probe<CommandResult> {
  const alias = aliasOf(given);
  return commandOutput({
    argv: [
      '/bin/sh',
      '-c',
      REHEARSE,
      'sh',
      given.keystore_path,
      given.keystore_type ?? '',
      given.state,
      alias,
      given.cert_path ?? '',
      given.cert_url === undefined ? '' : `${given.cert_url}:${given.cert_port}`,
      given.pkcs12_path ?? '',
      given.pkcs12_alias ?? alias,
      given.keystore_create ? 'create' : '',
      given.trust_cacert ? 'trust' : '',
      given.executable,
    ],
    stdin: `${given.keystore_pass}\n${given.pkcs12_password ?? ''}\n`,
    env: { LC_ALL: 'C' },
  });
}

/** The command as it would be typed, for the result. */
function commandOf(given: Params): string[] {
  const { executable, keystore_path: store } = given;
  const alias = aliasOf(given);
  if (given.state === 'absent')
    return [executable, '-delete', '-noprompt', '-keystore', store, '-alias', alias];
  if (given.pkcs12_path !== undefined)
    return [
      ...[executable, '-importkeystore', '-noprompt', '-srcstoretype', 'pkcs12'],
      ...['-srckeystore', given.pkcs12_path, '-srcalias', given.pkcs12_alias ?? alias],
      ...['-destkeystore', store, '-destalias', alias],
    ];
  return [
    ...[executable, '-importcert', '-noprompt', '-keystore', store],
    ...['-file', given.cert_path ?? '', '-alias', alias],
    ...(given.trust_cacert ? ['-trustcacerts'] : []),
  ];
}
