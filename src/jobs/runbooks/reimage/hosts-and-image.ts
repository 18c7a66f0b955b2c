import type { HostName } from '../../../domain/ids.ts';
import type { RunbookCommand } from '../../model/runbook.ts';
import type { ReimageInput } from './facts.ts';
import { inputFor } from './input-for.ts';

/** How commands are typed that do something to hosts with an image: one operation a host. */
export const hostsAndImage = {
  positional: [
    {
      name: 'targets',
      kind: 'targets',
      required: true,
      expected: 'hosts such as builder-07, builder-[01-04] or @builders',
    },
  ],
  options: [
    {
      name: 'image',
      kind: 'image',
      required: false,
      expected: 'an image such as f43-builder or f43-builder@2026.11.18',
    },
  ],
  flags: [],
  toInputs: (typed, inventory) =>
    (typed.targets as readonly HostName[]).map((host) => inputFor(host, typed, inventory)),
} satisfies Partial<RunbookCommand<ReimageInput>>;
