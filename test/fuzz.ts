/** Where generated inputs begin: the same ones every time, so that a failure is always the change's own; FUZZ_SEED=random looks further. */
const { FUZZ_SEED } = process.env;

export const seed = FUZZ_SEED === 'random' ? Date.now() : Number(FUZZ_SEED ?? 1);
