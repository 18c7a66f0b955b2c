/** Tags of 8191 bytes, a message of 512, and room for servers that are generous. */
const LONGEST = 16 * 1024;
const LINE_FEED = 0x0a;

/**
 * Puts lines together from whatever parts they come in. A line that is longer than any server may send is passed over
 * whole, so that a flood of bytes without an end takes no memory.
 */
export function lineReader(take: (line: string) => void): (part: Buffer) => void {
  let begun: Buffer[] = [];
  let length = 0;
  const keep = (piece: Buffer) => {
    length += piece.length;
    if (length <= LONGEST) begun.push(piece);
    else begun = [];
  };
  const endLine = () => {
    const line = Buffer.concat(begun).toString('utf8').replace(/\r$/, '');
    const isWhole = length <= LONGEST;
    begun = [];
    length = 0;
    if (isWhole && line !== '') take(line);
  };
  return (part) => {
    let from = 0;
    for (let end = part.indexOf(LINE_FEED); end >= 0; end = part.indexOf(LINE_FEED, from)) {
      keep(part.subarray(from, end));
      endLine();
      from = end + 1;
    }
    if (from < part.length) keep(part.subarray(from));
  };
}
