import { boolean, choice, fileAttributes, path, text, withAliases } from '../params.ts';
import { editNeeds, planEdit } from '../text-file.ts';
import { defineModule } from '../types.ts';
import { entryOf, hashOf, isHashOf, SCHEMES, withEntry } from './passwords.ts';

const params = withAliases(
  { dest: 'path', destfile: 'path', username: 'name' },
  {
    path: path.describe('The password file.'),
    name: text
      .refine((name) => !/[:\n]/.test(name) && name !== '', 'must not hold a colon')
      .describe('Name of the user.'),
    password: text.optional().describe('Password of the user.'),
    crypt_scheme: choice(...SCHEMES)
      .default('apr_md5_crypt')
      .describe('How the password is hashed. One that is right stays, however it is hashed.'),
    state: choice('present', 'absent').default('present').describe('Whether the user shall be in the file.'),
    create: boolean.default(true).describe('Make the file when it is not there.'),
    ...fileAttributes,
  },
).refine((given) => given.state === 'absent' || given.password !== undefined, {
  message: 'needs the parameter "password"',
});

/** Password files of web servers. The hash is made on the controller. */
export default defineModule({
  name: 'htpasswd',
  summary: 'Adds and removes users of a password file for web servers.',
  params,
  needs: (given, seen) => editNeeds(given.path, seen),
  plan(given, seen, context) {
    const { name, password = '' } = given;
    const gone = { msg: `${name} not present`, result: { changed: false } };
    const missing =
      given.state === 'absent'
        ? gone
        : given.create
          ? 'make'
          : { fails: `Destination ${given.path} does not exist` };
    return planEdit(
      {
        params: { ...given, backup: false },
        missing,
        edit: (file) => {
          const present = entryOf(file.text, name);
          if (given.state === 'absent') {
            const msg = present === undefined ? `${name} not present` : `Remove ${name}`;
            return { text: withEntry(file.text, name, undefined), msg };
          }
          if (present !== undefined && isHashOf(present, password))
            return { text: file.text, msg: `${name} already present` };
          const seed = [context.host, given.path, name, file.text].join('\0');
          const text = withEntry(file.text, name, hashOf(password, given.crypt_scheme, seed));
          return {
            text,
            msg: file.exists ? `Add/update ${name}` : `Created ${given.path} and added ${name}`,
          };
        },
      },
      seen,
      context,
    );
  },
});
