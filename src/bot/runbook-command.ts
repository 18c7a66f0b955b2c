import type { CommandSpec } from '../jobs/model/command-spec.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import type { Command } from './command.ts';
import { request } from './request.ts';

/** A runbook brings its own command. */
export function runbookCommand(runbook: Runbook): Command {
  return {
    spec: withCount(runbook.command),
    // Rights depend on the plan, which is decided when there is one.
    rights: 'known',
    run: (asked, bot) => request(runbook, asked, bot),
  };
}

/** A command on many hosts has their number typed back. */
function withCount(spec: CommandSpec): CommandSpec {
  if (!spec.positional.some(({ kind }) => kind === 'targets')) return spec;
  const expected = 'the number of hosts, when there are many';
  const count = { name: 'count', kind: 'number', required: false, expected } as const;
  return { ...spec, options: [...spec.options, count] };
}
