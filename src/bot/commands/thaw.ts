import { zonesOfInventory } from '../../domain/zones-of-inventory.ts';
import { freezeKey, frozenInWords, isInForce } from '../../policies/freezes.ts';
import { defineCommand } from '../command.ts';
import { FREEZE_SCOPE, freezable } from '../freeze-scope.ts';

export default defineCommand({
  spec: {
    name: 'thaw',
    summary: 'End a freeze, so that what waits for it starts.',
    risk: 'routine',
    positional: [FREEZE_SCOPE],
    options: [],
    flags: [],
    examples: ['thaw staging', 'thaw everything'],
  },
  rights: 'known',
  async run({ args, asker }, bot) {
    const asked = await freezable('thaw', args, asker, bot);
    if ('refused' in asked) return asked;
    const { on } = asked.scope;
    // Its hosts may have moved since: it is taken back wherever it was set.
    const thawed = await Promise.all(
      zonesOfInventory(bot.inventory()).map((zone) =>
        bot.journal.unlockByHand(zone, freezeKey(on)),
      ),
    );
    const lines = thawed.includes(true) ? [`${on} is thawed by ${asked.by}`] : [];
    const left = bot.freezes().filter((freeze) => freeze.on === on && isInForce(freeze, bot.now()));
    const others = left.map(
      (one) => `${frozenInWords(one, bot.prefix)}: change it there and reload`,
    );
    if (lines.length > 0) return [...lines, ...others];
    return { refused: others.length > 0 ? others : [`${on} is not frozen`] };
  },
});
