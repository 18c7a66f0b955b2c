import { networkConformance } from '../../network-conformance.ts';
import { BOT, ircNetworkFor } from './bot.ts';
import { startIrcServer } from './inspircd.ts';

const OPS = '#ops';

networkConformance('InspIRCd', { shows: 'lines' }, async () => {
  const irc = await startIrcServer();
  await irc.register(BOT, 'ana');
  let ana = await irc.connect('ana', [OPS], 'ana');
  const kim = await irc.connect('kim', [OPS]);
  return {
    network: ircNetworkFor(irc, () => undefined),
    channel: OPS,
    person: 'ana',
    says: async (text) => ana.say(OPS, text),
    read: async () => ana.saidBy(BOT, OPS),
    strangerSays: async (text) => kim.say(OPS, text),
    goesAway: () => irc.kill(),
    async comesBack() {
      await irc.restart();
      ana = await irc.connect('ana', [OPS]);
      await irc.linked();
    },
    close: () => irc.close(),
  };
});
