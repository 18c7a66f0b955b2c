import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { mostPerSecond } from '../measure/load.ts';

/*
 * `node hubot-dispatch.ts HUBOT`: dispatches one script's command through Hubot, for so many milliseconds as each line of
 * stdin says, and answers with a line: commands per second. The adapter is one that only hears, as in Hubot's own tests.
 */

const { Robot, Adapter, TextMessage, User } = await import(
  pathToFileURL(process.argv[2] ?? '').href
);

const USER = new User('ana', { name: 'ana', room: '#ops' });
let heard = 0;

class Hearing extends Adapter {
  async send(_envelope: unknown, text: string) {
    if (text !== 'You are ana.') throw new Error(`Hubot answered ${text}`);
    heard += 1;
  }
}

const robot = new Robot({ use: (of: unknown) => Reflect.construct(Hearing, [of]) }, false, 'hubot');
await robot.loadAdapter();
robot.respond(
  /whoami$/,
  (to: { send(text: string): Promise<void>; message: { user: { name: string } } }) =>
    to.send(`You are ${to.message.user.name}.`),
);

async function ask(nth: number): Promise<void> {
  const before = heard;
  await robot.receive(new TextMessage(USER, 'hubot whoami', `m${nth}`));
  if (heard === before) throw new Error('Hubot did not answer');
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${await mostPerSecond(ask, Number(line))}\n`);
}
process.exit(0);
