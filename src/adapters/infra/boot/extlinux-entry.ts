import { type BootMark, formatBootMark } from './boot-mark.ts';

export interface ExtlinuxEntry extends BootMark {
  /** As U-Boot sees them: from the root of the filesystem that holds extlinux.conf. */
  readonly kernel: string;
  readonly initrd: string;
  readonly arguments: readonly string[];
  /** The file that boots the installed system; its device tree is the board's. */
  readonly old: string;
}

/**
 * An extlinux.conf that boots an installer and nothing else. U-Boot takes what follows `append` as it stands, except that
 * it fills in `$` (U-Boot, doc/README.pxe and boot/pxe_utils.c), so a word with one is refused.
 */
export function formatExtlinux({
  op,
  epoch,
  kernel,
  initrd,
  arguments: words,
  old,
}: ExtlinuxEntry): string {
  for (const word of [kernel, initrd, ...words]) {
    if (/^[!-#%-~]+$/.test(word)) continue;
    throw new TypeError(
      `A word for U-Boot is printable, has no space and no $: ${JSON.stringify(word)}`,
    );
  }
  return [
    `${formatBootMark({ op, epoch })}default signalbox-${op}`,
    'prompt 0',
    'timeout 10',
    `label signalbox-${op}`,
    `  kernel ${kernel}`,
    `  initrd ${initrd}`,
    ...deviceTreeLines(old).map((line) => `  ${line}`),
    `  append ${words.join(' ')}\n`,
  ].join('\n');
}

const DEVICE_TREE = /^(?:fdt|devicetree|fdtdir|devicetreedir|fdtoverlays|devicetree-overlay)\s/i;

/** Of the label that is the default, else of the first one: without its device tree many a board does not start. */
function deviceTreeLines(old: string): readonly string[] {
  const lines = old.split('\n').map((line) => line.trim());
  const chosen = lines.map((line) => /^default\s+(\S+)/i.exec(line)?.[1]).find(Boolean);
  const labels = lines.flatMap((line, at) => (/^label\s/i.test(line) ? [at] : []));
  const start = labels.find((at) => lines[at]?.split(/\s+/)[1] === chosen) ?? labels[0];
  if (start === undefined) return [];
  const end = labels.find((at) => at > start) ?? lines.length;
  return lines.slice(start, end).filter((line) => DEVICE_TREE.test(line));
}
