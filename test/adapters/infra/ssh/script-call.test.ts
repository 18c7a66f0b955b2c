import { describe, expect, it } from 'vitest';
import {
  formatRemoteLine,
  parseRemoteLine,
} from '../../../../src/adapters/infra/ssh/remote-line.ts';
import {
  formatScriptCall,
  parseScriptCall,
  type ScriptCall,
} from '../../../../src/adapters/infra/ssh/script-call.ts';

const claim = { op: 'op-7k2m', step: 'configure', attempt: 2, part: 'a', epoch: 4 };
const CALLS: readonly ScriptCall[] = [
  {
    script: 'start-claim',
    stateDir: '/var/lib/claims',
    claim,
    as: 'login',
    limitSeconds: 60,
    stdinBytes: 3,
    argv: ['echo', "it's", ''],
  },
  { script: 'read-claim', stateDir: '/var/lib/claims', claim },
  { script: 'put-file', path: '/etc/a b', mode: '600', owner: 'root:root', sha256: 'ab' },
];

describe('a script call', () => {
  it.each(CALLS)('of $script is read back from the line that is sent', (call) => {
    for (const sudo of [true, false]) {
      const line = formatRemoteLine({ argv: formatScriptCall(call), sudo, limitSeconds: 9 });
      const parsed = parseRemoteLine(line);
      expect(parsed).toMatchObject({ sudo, limitSeconds: 9 });
      expect(parseScriptCall(parsed?.argv ?? [])).toEqual(call);
    }
  });

  it('is not seen in an ordinary command', () => {
    expect(parseScriptCall(['sh', '-c', 'true', 'signalbox'])).toBeUndefined();
    expect(parseScriptCall(['true'])).toBeUndefined();
    expect(parseRemoteLine('true')).toBeUndefined();
  });
});
