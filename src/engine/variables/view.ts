/** Looks like a plain mapping to the template engine. A value is read when it is used, not when keys are listed or asked for. */
export function mappingView(
  find: (key: string) => { read(): unknown } | undefined,
  keys: () => readonly string[],
): Record<string, unknown> {
  return new Proxy(Object.create(null) as Record<string, unknown>, {
    get: (_, key) => (typeof key === 'string' ? find(key)?.read() : undefined),
    has: (_, key) => typeof key === 'string' && find(key) !== undefined,
    ownKeys: () => [...keys()],
    getOwnPropertyDescriptor: (_, key) => {
      const found = typeof key === 'string' ? find(key) : undefined;
      return found && { get: () => found.read(), enumerable: true, configurable: true };
    },
  });
}
