import ssh2, { type ParsedKey } from 'ssh2';

/** The running ssh-agent, narrowed to some keys (IdentitiesOnly) by their public blobs; undefined means all. */
export class FilteredAgent extends ssh2.OpenSSHAgent {
  private readonly only: readonly Buffer[] | undefined;

  constructor(socket: string, only: readonly Buffer[] | undefined) {
    super(socket);
    this.only = only;
  }

  override getIdentities(done: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    super.getIdentities((error: Error | null | undefined, keys?: unknown[]) => {
      if (error || keys === undefined) return done(error);
      const parsed = keys as ParsedKey[];
      if (this.only === undefined) return done(null, parsed);
      done(
        null,
        parsed.filter((key) => this.only!.some((wanted) => wanted.equals(key.getPublicSSH()))),
      );
    });
  }
}
