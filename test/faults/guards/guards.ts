/** One text of the source in the place of another. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const APPEND = 'src/adapters/store/lua/append.ts';

/** It alone ends what a frozen worker has under way when that wakes up, before either of the two guards below is asked. */
const END_IN_TIME: Edit = {
  file: 'src/jobs/engine/tenure.ts',
  from: '    if (leftMs < 0) return void this.#lose();\n',
  to: '    if (leftMs < 0) return;\n',
};

/** What takes each guard out of the engine, by the name that its written history has. */
export const GUARDS: ReadonlyMap<string, readonly Edit[]> = new Map([
  [
    'the epoch check of the append',
    [
      {
        file: APPEND,
        from: "if what.epoch and not (head and head.nonce and head.epoch == what.epoch) then return answer('lease-lost') end\n",
        to: '',
      },
      END_IN_TIME,
    ],
  ],
  [
    'the deadline check before port calls',
    [{ file: 'src/jobs/engine/lease-guard.ts', from: '        check();\n', to: '' }, END_IN_TIME],
  ],
  [
    'the compare-and-set of claims',
    [
      {
        file: APPEND,
        from: "if what.claims and what.claims ~= revision then return answer('claims-moved') end\n",
        to: '',
      },
    ],
  ],
  [
    'the reconciler',
    [
      {
        file: 'src/jobs/engine/reconciler.ts',
        from: '    if (looking) return;\n',
        to: '    if (looking || everyMs > 0) return;\n',
      },
    ],
  ],
  [
    // Either half of it is enough.
    'the write-once of intend',
    [
      {
        file: 'src/jobs/engine/step-context.ts',
        from: '  if (recorded !== undefined) return recorded;\n',
        to: '  if (recorded !== undefined && tenure.epoch < 0) return recorded;\n',
      },
      {
        file: 'src/jobs/model/fold.ts',
        from: 'return state.intents.has(event.step)\n',
        to: 'return state.intents.has(event.step) && entry.seq < 0\n',
      },
    ],
  ],
]);

/** Throws where the source has not just this text once: then the edit has to follow the source. */
export function edited(source: string, { file, from, to }: Edit): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} has not once: ${from.trim()}`);
  }
  return before + to + after;
}
