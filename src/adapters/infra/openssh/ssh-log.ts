const NOT_SAID = /^(?:debug\d: |OpenSSH_|Authenticated to |Transferred: |Bytes per second: |\s*$)/;
const MOST_LINES = 20;

/** What `ssh -v` says, without what it says while all is well. Only the last lines are kept. */
export class SshLog {
  private lines: string[] = [];
  private rest = '';

  push(chunk: Buffer): void {
    const lines = (this.rest + chunk.toString('utf8')).split('\n');
    this.rest = (lines.pop() ?? '').slice(-1_000);
    const said = lines.map((line) => line.trimEnd()).filter((line) => !NOT_SAID.test(line));
    this.lines = [...this.lines, ...said].slice(-MOST_LINES);
  }

  said(): readonly string[] {
    return this.lines;
  }

  forget(): void {
    this.lines = [];
  }
}
