import { printable } from '../../bot/grammar/printable.ts';
import { readerOfAll } from '../../bot/reader.ts';
import { memberInWords } from '../../bot/service-lines.ts';
import { readServices, readStatus } from '../../bot/status/read-status.ts';
import { statusDocument } from '../../bot/status/status-document.ts';
import { statusLines } from '../../bot/status/status-lines.ts';
import { lookingAt } from '../looking-at.ts';
import { type ConfigOption, withProgram } from '../with-program.ts';

type Looking = ReturnType<typeof lookingAt>;

/** How everything is, for a terminal, cron and monitoring. */
export async function statusCommand({
  config,
  json,
}: ConfigOption & { readonly json?: true }): Promise<void> {
  await withProgram(config, async (program) => {
    const bot = lookingAt(program);
    process.stdout.write(`${json ? await statusJson(bot) : await statusText(bot)}\n`);
  });
}

export async function statusJson(bot: Looking): Promise<string> {
  return JSON.stringify(statusDocument(await readStatus(bot)), null, 2);
}

/** What `!status` says, and which member of each service is active. */
export async function statusText(bot: Looking): Promise<string> {
  const [lines, services] = await Promise.all([
    statusLines(readerOfAll(bot), bot),
    readServices(bot),
  ]);
  const active = services.map((service) => `${service.name}: ${memberInWords(service.active)}`);
  return [...lines, ...active].map((line) => printable(line)).join('\n');
}
