import { encode } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRawMessage } from '../../../../src/adapters/infra/dns/raw-records.ts';
import {
  isInTime,
  isSignedBy,
  type SplitMessage,
  signMessage,
  splitMessage,
  type Tsig,
} from '../../../../src/adapters/infra/dns/tsig.ts';
import type { TsigKey } from '../../../../src/adapters/infra/dns/tsig-key.ts';

const KEY: TsigKey = { name: 'bot', algorithm: 'hmac-sha256', secret: Buffer.alloc(32, 1) };
const NOW_S = 1_795_000_000;
const bare = encode({
  type: 'query',
  id: 0x1234,
  questions: [{ name: 'example.org', type: 'SOA' }],
});
const { message, mac } = signMessage(bare, KEY, { nowS: NOW_S });

const signed = (bytes: Buffer): SplitMessage & { tsig: Tsig } => {
  const { bare: without, tsig } = splitMessage(bytes);
  if (tsig === undefined) throw new Error('it is not signed');
  return { bare: without, tsig };
};

describe('a signature', () => {
  it('comes off as it went on', () => {
    const { bare: without, tsig } = signed(message);
    expect(without).toEqual(bare);
    expect(tsig).toMatchObject({ keyName: 'bot', signedAtS: NOW_S, fudgeS: 300, error: 0 });
    expect(isSignedBy({ bare: without, tsig }, KEY)).toBe(true);
  });

  it('holds for no other key, algorithm, or question', () => {
    const split = signed(message);
    expect(isSignedBy(split, { ...KEY, secret: Buffer.alloc(32, 2) })).toBe(false);
    expect(isSignedBy(split, { ...KEY, name: 'other' })).toBe(false);
    expect(isSignedBy(split, { ...KEY, algorithm: 'hmac-sha512' })).toBe(false);
    expect(isSignedBy(split, KEY, mac)).toBe(false);
    const answer = signMessage(bare, KEY, { nowS: NOW_S, requestMac: mac });
    expect(isSignedBy(signed(answer.message), KEY, mac)).toBe(true);
    expect(isSignedBy(signed(answer.message), KEY, Buffer.alloc(32))).toBe(false);
  });

  it('does not hold where only a part of it came', () => {
    const { bare: without, tsig } = signed(message);
    const half = { bare: without, tsig: { ...tsig, mac: tsig.mac.subarray(0, 16) } };
    expect(isSignedBy(half, KEY)).toBe(false);
  });

  it('survives another id on the way, and no other change', () => {
    const forwarded = Buffer.from(message);
    forwarded.writeUInt16BE(0x4321, 0);
    expect(isSignedBy(signed(forwarded), KEY)).toBe(true);
    const at = fc.integer({ min: 2, max: message.length - 1 }).filter((place) => !isName(place));
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const bad = Buffer.from(message);
        bad.writeUInt8(bad.readUInt8(place) ^ flip, place);
        expect(holds(bad)).toBe(false);
      }),
    );
  });

  it('is in time for five minutes, before and after', () => {
    const { tsig } = signed(message);
    expect([-301, -300, 300, 301].map((off) => isInTime(tsig, NOW_S + off))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('is the last record, or the message is refused', () => {
    const twice = signMessage(message, KEY, { nowS: NOW_S });
    expect(() => splitMessage(twice.message)).toThrow('not its last record');
  });
});

describe('what is no message', () => {
  it('is refused, whatever it is', () => {
    expect(() => readRawMessage(Buffer.concat([bare, Buffer.from('x')]))).toThrow(
      'something follows its last record',
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          readRawMessage(Buffer.from(bytes));
        } catch (problem) {
          expect(problem).toBeInstanceOf(Error);
        }
      }),
    );
  });
});

function holds(bytes: Buffer): boolean {
  try {
    return isSignedBy(signed(bytes), KEY);
  } catch {
    return false;
  }
}

/** Names of keys and algorithms are signed in lower case, so that their case may change. */
function isName(place: number): boolean {
  const after = place - bare.length;
  return (after >= 0 && after < 5) || (after >= 15 && after < 28);
}
