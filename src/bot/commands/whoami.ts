import { defineCommand } from '../command.ts';
import { strangerLines } from '../refusal.ts';

export default defineCommand({
  spec: {
    name: 'whoami',
    summary: 'Who the directory says you are, and your groups.',
    risk: 'read-only',
    positional: [],
    options: [],
    flags: [],
    examples: ['whoami'],
  },
  rights: 'rule',
  async run({ asker }) {
    const { person, network } = asker;
    if (person === undefined) return strangerLines(asker);
    const groups = person.groups.length > 0 ? `in ${person.groups.join(', ')}` : 'in no group';
    return [`${asker.shown}: on ${network} you are ${person.id}, ${groups}`];
  },
});
