import { readRuleTests } from '../../adapters/config/rule-tests.ts';
import { environmentSecrets } from '../../adapters/secrets/environment-secrets.ts';
import { whenceOf } from '../../policies/place.ts';
import { loadDefinitions } from '../definitions.ts';
import { readConfiguration } from '../read-configuration.ts';
import { withProgram } from '../with-program.ts';
import { type Answer, checkAs } from './check-as.ts';
import { checkRules } from './check-rules.ts';

const EXIT_CODES: Record<Answer['verdict'], number> = { taken: 0, refused: 1, misread: 2 };

/** Whether somebody may do something, and why. */
export async function checkAsCommand(
  config: string,
  { as, command, from }: { readonly as: string; readonly command: string; readonly from?: string },
): Promise<void> {
  const whence = from === undefined ? undefined : whenceOf(from);
  if (from !== undefined && whence === undefined) {
    return misused(`${from} is no network and no channel of one, such as matrix or irc/#ops`);
  }
  await withProgram(config, async (program) => {
    const { lines, verdict } = await checkAs(program, {
      as,
      command,
      ...(whence && { from: whence }),
    });
    for (const line of lines) process.stdout.write(`${line}\n`);
    process.exitCode = EXIT_CODES[verdict];
  });
}

/** Whether the rules come to what a table says. */
export async function checkRulesCommand(config: string, table: string): Promise<void> {
  const definitions = await loadDefinitions();
  const tests = await readRuleTests(table);
  const secrets = environmentSecrets({ env: process.env, learn: () => undefined });
  const configuration = await readConfiguration(config, definitions, secrets);
  const { rows, failures } = await checkRules(tests, configuration, definitions);
  for (const line of failures.flat()) process.stdout.write(`${line}\n`);
  process.stdout.write(`${rows - failures.length} of ${rows} rows are as expected\n`);
  if (failures.length > 0) process.exitCode = 1;
}

export function misused(because: string): void {
  process.stderr.write(`signalbox check: ${because}\n`);
  process.exitCode = EXIT_CODES.misread;
}
