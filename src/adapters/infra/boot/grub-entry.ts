import * as z from 'zod';
import { OpId } from '../../../domain/ids.ts';

export interface GrubEntry {
  readonly op: OpId;
  readonly epoch: number;
  /** Of the filesystem that holds kernel and initrd. */
  readonly uuid: string;
  /** As GRUB sees them: from the root of that filesystem. */
  readonly kernel: string;
  readonly initrd: string;
  readonly arguments: readonly string[];
}

const Owner = z.strictObject({ op: OpId, epoch: z.int() });
export type EntryOwner = z.infer<typeof Owner>;

const BEGIN = '# signalbox: begin ';
const END = '# signalbox: end';
const ENTRY = /^# signalbox: begin (\{.*\})\n(?:.*\n)*?# signalbox: end\n?/m;
const ID = /^signalbox-(op-[2-9a-hjkmnp-z]{4,12})$/;

export function entryId(op: OpId): string {
  return `signalbox-${op}`;
}

/** The operation that an id belongs to; undefined for ids of others. */
export function operationOf(id: string): OpId | undefined {
  const op = ID.exec(id)?.[1];
  return op === undefined ? undefined : OpId.parse(op);
}

/**
 * A menu entry that boots an installer, for `custom.cfg`. It boots only where grub.cfg has taken `next_entry`, which
 * it notes in `boot_once`, and reads the environment block once more: where GRUB could not clear that, it would come here
 * at every start. Otherwise it boots nothing and leaves the menu on the screen.
 */
export function formatGrubEntry(entry: GrubEntry): string {
  const { op, epoch, uuid, kernel, initrd } = entry;
  const id = entryId(op);
  return [
    `${BEGIN}${JSON.stringify({ op, epoch })}`,
    `menuentry 'Reinstall (${op})' --id ${id} --unrestricted {`,
    '  load_env',
    `  if [ "\${boot_once}" != true ]; then`,
    `    echo 'Signalbox: this is not the one-time entry, so ${op} is not started.'`,
    `  elif [ "\${next_entry}" = ${id} ]; then`,
    `    echo 'Signalbox: the one-time entry was not cleared, so ${op} is not started.'`,
    '  else',
    `    search --no-floppy --fs-uuid --set=root ${quoteGrub(uuid)}`,
    `    linux ${[kernel, ...entry.arguments].map(quoteGrub).join(' ')}`,
    `    initrd ${quoteGrub(initrd)}`,
    '  fi',
    '}',
    `${END}\n`,
  ].join('\n');
}

const PLAIN = /^[A-Za-z0-9_@%+:,./=-]+$/;

/**
 * In single quotes nothing means anything to GRUB (GNU GRUB manual, Shell-like scripting, Quoting). What is passed on to
 * Linux is split at spaces, so a word with one is refused.
 */
export function quoteGrub(word: string): string {
  if (!/^[!-~]+$/.test(word)) {
    throw new TypeError(`A word for GRUB is printable and has no space: ${JSON.stringify(word)}`);
  }
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Whose entry is in a `custom.cfg`; undefined when there is none of ours. */
export function entryOwner(customCfg: string): EntryOwner | undefined {
  const owner = ENTRY.exec(customCfg)?.[1];
  return owner === undefined ? undefined : Owner.parse(JSON.parse(owner));
}

/** The file without our entry: what the site has written there stays. */
export function withoutEntry(customCfg: string): string {
  return customCfg.replace(ENTRY, '');
}

/** The file with this entry in place of any other of ours. */
export function withEntry(customCfg: string, entry: string): string {
  const rest = withoutEntry(customCfg);
  return rest === '' || rest.endsWith('\n') ? `${rest}${entry}` : `${rest}\n${entry}`;
}
