/** A program with its arguments that dies with this process, however that one dies, also while it is stopped. */
export function withUs(program: string, ...args: readonly string[]): [string, string[]] {
  return ['setpriv', ['--pdeathsig', 'KILL', program, ...args]];
}
