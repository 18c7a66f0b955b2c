/**
 * A place in a file that others write, rotate and truncate: which file it was, how many bytes were read, and a checksum
 * of the last of them. Where either is not so any more, what is there is another text and is read from its beginning.
 */
export interface LogCursor {
  /** 0 for a file that was not there. */
  readonly inode: string;
  readonly offset: number;
  readonly checksum: string;
}

/** The checksum of nothing, as cksum(1) has it. */
const OF_NOTHING = '4294967295';

export const NOT_THERE_YET: LogCursor = { inode: '0', offset: 0, checksum: OF_NOTHING };

export function formatLogCursor({ inode, offset, checksum }: LogCursor): string {
  return `${inode}:${offset}:${checksum}`;
}

export function parseLogCursor(text: string): LogCursor {
  const [, inode = '', offset = '', checksum = ''] = /^(\d+):(\d+):(\d+)$/.exec(text) ?? [];
  if (inode === '') throw new TypeError(`Not a place in a console log: ${JSON.stringify(text)}`);
  return { inode, offset: Number(offset), checksum };
}
