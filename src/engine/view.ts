/** Looks like a plain mapping to the template engine, and reads its values lazily. */
export function mappingView(
  read: (key: string) => { readonly value: unknown } | undefined,
  keys: () => readonly string[],
): Record<string, unknown> {
  return new Proxy(Object.create(null) as Record<string, unknown>, {
    get: (_, key) => (typeof key === 'string' ? read(key)?.value : undefined),
    has: (_, key) => typeof key === 'string' && read(key) !== undefined,
    ownKeys: () => [...keys()],
    getOwnPropertyDescriptor: (_, key) => {
      const found = typeof key === 'string' ? read(key) : undefined;
      return found && { value: found.value, enumerable: true, configurable: true, writable: true };
    },
  });
}
