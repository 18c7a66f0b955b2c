import type { AppendAim, Caught } from './cuttable-line.ts';
import { FAULTS_MS } from './limits.ts';
import type { Member } from './member.ts';

/** Does it at such an append of any of these, the first that comes; nothing where none comes any more. */
export async function atAppend(
  members: readonly Member[],
  aim: AppendAim,
  then: (member: Member) => { readonly append: ReturnType<Caught>; readonly over?: Promise<void> },
): Promise<void> {
  const forgets: (() => void)[] = [];
  const forget = () => {
    for (const one of forgets) one();
  };
  await new Promise<void>((resolve) => {
    const tooLate = setTimeout(() => resolve(), FAULTS_MS);
    for (const member of members) {
      const caught = () => {
        clearTimeout(tooLate);
        forget();
        const { append, over } = then(member);
        resolve(over);
        return append;
      };
      forgets.push(member.line.atAppend(aim, caught));
    }
  });
  forget();
}
