import { defineCommand } from '../command.ts';
import { confirmLink } from '../identity/confirm-link.ts';
import { linkLines } from '../identity/link-lines.ts';
import { offerLink } from '../identity/offer-link.ts';
import { typeCode } from '../identity/type-code.ts';
import { unlink } from '../identity/unlink.ts';
import { textOf } from '../op-argument.ts';

const EXPECTED = {
  link: 'the network where the other account is, such as irc',
  code: 'the code, such as k7m2-p9qx-4hbn',
  confirm: 'the account that typed your code',
  unlink: 'the network of the account',
} as const;

export default defineCommand({
  spec: {
    name: 'identity',
    summary: 'Accounts that are linked to you: list them, link one with a code, take one back.',
    risk: 'routine',
    positional: [
      {
        name: 'what',
        kind: 'word',
        required: false,
        expected: 'link, code, confirm or unlink',
        oneOf: ['link', 'code', 'confirm', 'unlink'],
      },
      { name: 'which', kind: 'word', required: false, expected: 'a network, a code or an account' },
      { name: 'account', kind: 'word', required: false, expected: 'an account of several' },
    ],
    options: [],
    flags: [],
    examples: [
      'identity',
      'identity link irc',
      'identity code k7m2-p9qx-4hbn',
      'identity confirm benny',
      'identity unlink irc',
    ],
  },
  rights: 'account',
  async run({ args, asker }, bot) {
    const what = textOf(args, 'what') as keyof typeof EXPECTED | undefined;
    const which = textOf(args, 'which');
    if (what === undefined) return linkLines(asker, bot);
    if (which === undefined) {
      return { refused: [`${bot.prefix}identity ${what} takes ${EXPECTED[what]}`] };
    }
    switch (what) {
      case 'link':
        return offerLink(which, asker, bot);
      case 'code':
        return typeCode(which, asker, bot);
      case 'confirm':
        return confirmLink(which, asker, bot);
      case 'unlink':
        return unlink(which, textOf(args, 'account'), asker, bot);
      default:
        return what satisfies never;
    }
  },
});
