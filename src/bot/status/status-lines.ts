import type { Bot } from '../bot.ts';
import type { Reply } from '../command.ts';
import { freezeLines } from '../freezes-shown.ts';
import { counted, joined } from '../narrator/in-words.ts';
import type { Operation } from '../operations.ts';
import type { Reader } from '../reader.ts';
import { readOnlyInWords } from '../watch-store.ts';
import { poolLine } from './pool-line.ts';

const SHOWN = 3;
const NOTHING_CHANGES = 'READ-ONLY: nothing is started or changed for now';

type Known = Pick<
  Bot,
  | 'inventory'
  | 'operations'
  | 'prefix'
  | 'readOnly'
  | 'journal'
  | 'freezes'
  | 'now'
  | 'hasFarm'
  | 'outOfService'
>;

/** How everything is, as far as somebody may read it. */
export async function statusLines(reader: Reader, bot: Known): Promise<Reply> {
  const { pools } = bot.inventory();
  const open = await bot.operations.open();
  const waiting = await open.waiting();
  const head = joined([
    `${counted(reader.hosts.size, 'host')} in ${counted(pools.size, 'pool')}`,
    `${counted(open.count, 'operation')} open`,
    waiting > 0 && `${waiting} waiting for somebody`,
  ]);
  const lines = await Promise.all([...pools.values()].map((pool) => poolLine(pool, reader, bot)));
  const work = await linesOf(await open.newest(SHOWN), reader);
  const left = reader.isKnown ? open.count - work.length : 0;
  const more = left > 0 ? [`and ${left} more: ${bot.prefix}ops lists them`] : [];
  const readOnly = await bot.readOnly();
  const why = reader.isKnown ? readOnlyInWords : () => NOTHING_CHANGES;
  const warning = readOnly === undefined ? [] : [why(readOnly)];
  const frozen = openTo(reader, await freezeLines(bot));
  return [...warning, ...frozen, head, ...lines, ...work, ...more];
}

async function linesOf(operations: readonly Operation[], { line }: Reader): Promise<Reply> {
  const lines = await Promise.all(operations.map(({ state }) => line(state)));
  return lines.filter((one) => one !== undefined);
}

/** Who froze it and why is for people whom the directory knows. */
export function openTo(reader: Pick<Reader, 'isKnown'>, freezes: Reply): Reply {
  return reader.isKnown || freezes.length === 0 ? freezes : ['frozen: nothing starts now'];
}
