import { defineCommand } from '../command.ts';
import { closeGlass } from '../glass/close-glass.ts';
import { glassInWords } from '../glass/glass-in-words.ts';
import { openGlass } from '../glass/open-glass.ts';
import { textOf } from '../op-argument.ts';

export default defineCommand({
  spec: {
    name: 'glass',
    summary: 'Break-glass: two holders act while the directory cannot be asked.',
    risk: 'routine',
    positional: [
      {
        name: 'what',
        kind: 'word',
        required: false,
        expected: 'open or close',
        oneOf: ['open', 'close'],
      },
      { name: 'reason', kind: 'text', required: false, expected: 'why, for the record' },
    ],
    options: [],
    flags: [],
    examples: ['glass', 'glass open ldap1 and ldap2 are down', 'glass open', 'glass close'],
  },
  rights: 'account',
  async run({ args, asker }, bot) {
    const because = textOf(args, 'reason');
    const what = textOf(args, 'what');
    if (what === 'open') return openGlass(because, asker, bot);
    if (what === 'close') return closeGlass(because, asker, bot);
    return [await glassInWords(bot)];
  },
});
