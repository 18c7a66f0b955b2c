import { bootCommandFailed } from './boot-failure.ts';
import type { BootHost } from './boot-host.ts';
import type { GrubLayout } from './grub-layout.ts';

/** The environment block: 1024 bytes that GRUB reads, and writes in place without knowing the filesystem. */
export interface GrubEnvironment {
  /** The entry that is booted once; undefined when there is none. */
  nextEntry(): Promise<string | undefined>;
  /** What `grub-reboot` does (its source, GRUB 2.06), without its warning: `check` has refused already. */
  setNextEntry(id: string): Promise<void>;
  clearNextEntry(): Promise<void>;
}

export function grubEnvironment(host: BootHost, { folder, program }: GrubLayout): GrubEnvironment {
  const block = `${folder}/grubenv`;
  const edit = (...words: readonly string[]) => host.output([program('editenv'), block, ...words]);
  return {
    async nextEntry() {
      const argv = [program('editenv'), block, 'list'];
      const listed = await host.run(argv);
      if (listed.code === 0) return /^next_entry=(.+)$/m.exec(listed.stdout)?.[1];
      // It fails on a block that is not there, in which nothing is set, and on one that is broken.
      if (await host.exists(block)) throw bootCommandFailed(host.name, argv, listed);
      return undefined;
    },
    async setNextEntry(id) {
      await edit('set', `next_entry=${id}`);
    },
    async clearNextEntry() {
      await edit('unset', 'next_entry');
    },
  };
}
