import { boolean, choice, fileAttributes, path, strings, text, withAliases } from '../params.ts';

const written = (what: string) => text.optional().describe(what);
const flag = (what: string) => boolean.optional().describe(what);

/** What goes into the file under its own name. Lists of addresses take a line each, lists of packages a blank between. */
export const repositoryOptions = {
  async: flag('Fetch metadata and packages of it side by side.'),
  bandwidth: written('Bytes a second at most, for a `throttle` in percent.'),
  baseurl: strings.optional().describe('Addresses of the folder that holds `repodata`.'),
  cost: written('How dear it is, compared with others; 1000 when nothing is said.'),
  deltarpm_metadata_percentage: written('Up to which size metadata of deltas is fetched.'),
  deltarpm_percentage: written('Up to which size a delta is used.'),
  enabled: flag('Whether it is used.'),
  enablegroups: flag('Whether its package groups count.'),
  exclude: strings.optional().describe('Packages that are never taken from it.'),
  failovermethod: choice('roundrobin', 'priority').optional().describe('Which of several addresses is next.'),
  gpgcakey: written('Address of the key that signs keys.'),
  gpgcheck: flag('Whether packages must be signed.'),
  gpgkey: strings.optional().describe('Addresses of the keys that sign packages.'),
  http_caching: choice('all', 'packages', 'none').optional().describe('What proxies may keep.'),
  include: written('Another configuration file to read there.'),
  includepkgs: strings.optional().describe('The only packages that are taken from it.'),
  ip_resolve: text
    .pipe(choice('4', '6', 'IPv4', 'IPv6', 'whatever'))
    .optional()
    .describe('Kind of address that names are resolved to.'),
  keepalive: flag('Whether connections are used again.'),
  keepcache: text.pipe(choice('0', '1')).optional().describe('Whether fetched packages are kept.'),
  metadata_expire: written('How long metadata counts as fresh.'),
  metadata_expire_filter: choice('never', 'read-only:past', 'read-only:present', 'read-only:future')
    .optional()
    .describe('Which commands put up with older metadata.'),
  metalink: written('Address of a metalink file, instead of baseurl.'),
  mirrorlist: written('Address of a list of mirrors, instead of baseurl.'),
  mirrorlist_expire: written('How long the list of mirrors counts as fresh.'),
  module_hotfixes: flag('Make its packages visible whatever modules say.'),
  password: written('Password for it. The file holds it as plain text.'),
  priority: written('1 to 99; the lower one wins.'),
  protect: flag('Whether its packages are safe from other repositories.'),
  proxy: written('Address of a proxy; `_none_` for none.'),
  proxy_password: written('Password for the proxy.'),
  proxy_username: written('User for the proxy.'),
  repo_gpgcheck: flag('Whether metadata must be signed.'),
  retries: written('How often a fetch is tried.'),
  s3_enabled: flag('For the S3 plugin.'),
  skip_if_unavailable: flag('Go on without it when it does not answer.'),
  ssl_check_cert_permissions: flag('Look at the permissions of certificates.'),
  sslcacert: written('Folder or file of certificate authorities.'),
  sslclientcert: written('Client certificate.'),
  sslclientkey: written('Key of the client certificate.'),
  sslverify: flag('Whether its certificate is checked.'),
  throttle: written('Speed at most: bytes a second, with a unit, or percent of `bandwidth`.'),
  timeout: written('Seconds to wait for a connection.'),
  ui_repoid_vars: written('Variables that are shown behind its name.'),
  username: written('User for it.'),
} as const;

/** What the `yum_repository` module takes. */
export const yumRepositoryParams = withAliases(
  {
    ca_cert: 'sslcacert',
    client_cert: 'sslclientcert',
    client_key: 'sslclientkey',
    validate_certs: 'sslverify',
  },
  {
    name: text
      .refine((name) => /^[^\][\n]+$/.test(name), 'is no name of a repository')
      .describe('Id of the repository: the name of its section.'),
    state: choice('present', 'absent')
      .default('present')
      .describe('Whether there shall be such a repository.'),
    description: text.optional().describe('What people call it: `name` in the file.'),
    file: text.optional().describe('File without `.repo`. Default: the name of the repository.'),
    reposdir: path.default('/etc/yum.repos.d').describe('Folder of the files.'),
    ...repositoryOptions,
    ...fileAttributes,
  },
)
  .refine((given) => given.state === 'absent' || given.description !== undefined, {
    message: 'needs the parameter "description"',
  })
  .refine((given) => given.state === 'absent' || (given.baseurl ?? given.metalink ?? given.mirrorlist), {
    message: 'needs one of the parameters "baseurl", "metalink", "mirrorlist"',
  });
