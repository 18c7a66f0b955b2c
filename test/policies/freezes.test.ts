import { describe, expect, test } from 'vitest';
import {
  decideFreezes,
  type Freeze,
  freezeKey,
  freezesByHand,
  frozenInWords,
  type Starting,
} from '../../src/policies/freezes.ts';

const at = (hour: number) => Date.UTC(2026, 10, 21, hour);

const byAna: Freeze = {
  on: 'staging',
  because: 'koji is upgraded',
  from: at(10),
  until: at(12),
  except: { commands: [], groups: [] },
  set: { by: 'ana' },
};

const starting: Starting = {
  command: 'reimage',
  zone: 'staging',
  environments: ['qa'],
  groups: ['sysadmin-builders'],
  now: at(11),
};

const decide = (freeze: Partial<Freeze>, change: Partial<Starting> = {}) =>
  decideFreezes([{ ...byAna, ...freeze }], { ...starting, ...change }, '!');

describe('a freeze', () => {
  test.each<[string, Partial<Freeze>, Partial<Starting>, string]>([
    ['stops what is in its zone', {}, {}, 'frozen'],
    ['stops what is in its environment', { on: 'qa' }, {}, 'frozen'],
    ['of everything stops what is anywhere', { on: 'everything' }, { zone: 'site-b' }, 'frozen'],
    ['leaves other zones and environments alone', { on: 'production' }, {}, 'open'],
    ['begins at its first moment', {}, { now: at(10) }, 'frozen'],
    ['is none before it begins', {}, { now: at(10) - 1 }, 'open'],
    ['is over at its end', {}, { now: at(12) }, 'open'],
    ['lets its commands go on', { except: { commands: ['reimage'], groups: [] } }, {}, 'open'],
    ['stops other commands', { except: { commands: ['configure'], groups: [] } }, {}, 'frozen'],
    [
      'lets go on what its groups ask for',
      { except: { commands: [], groups: ['sysadmin-builders'] } },
      {},
      'open',
    ],
    [
      'stops what other groups ask for',
      { except: { commands: [], groups: ['security'] } },
      {},
      'frozen',
    ],
    [
      'is no yes while nobody can say who asks',
      { except: { commands: [], groups: ['security'] } },
      { groups: undefined },
      'unknown',
    ],
    ['without groups does not depend on who asks', {}, { groups: undefined }, 'frozen'],
  ])('%s', (_title, freeze, change, kind) => {
    expect(decide(freeze, change).kind).toBe(kind);
  });

  test('without an end lasts until it is thawed', () => {
    const { until: _, ...endless } = byAna;
    const later = { ...starting, now: at(10_000) };
    expect(decideFreezes([endless], later, '!').kind).toBe('frozen');
  });

  test('is not lifted by another one that lets it go on', () => {
    const exempt = { ...byAna, except: { commands: ['reimage'], groups: [] } };
    expect(decideFreezes([exempt, byAna], starting, '!').kind).toBe('frozen');
  });

  test('says who, why, until when, what goes on and what ends it', () => {
    const except = { commands: ['configure'], groups: ['security'] };
    expect(frozenInWords({ ...byAna, except }, '!')).toBe(
      'staging is frozen by ana since 2026-11-21 10:00 UTC until 2026-11-21 12:00 UTC: "koji is upgraded"; except configure, what security asks for (!thaw staging ends it)',
    );
    expect(frozenInWords({ ...byAna, set: { place: 'signalbox.yaml:31' } }, '!')).toBe(
      'staging is frozen from 2026-11-21 10:00 UTC until 2026-11-21 12:00 UTC: "koji is upgraded" (signalbox.yaml:31)',
    );
  });

  test('that a person set is found among the locks by hand, and nothing else is', () => {
    const byHand = { by: 'ana', because: 'koji is upgraded', until: at(12) };
    const lock = (key: string) => ({
      claim: { kind: 'lock', key } as const,
      since: at(10),
      byHand,
    });
    expect(freezesByHand([lock('host/staging'), lock(freezeKey('staging'))])).toEqual([byAna]);
  });
});
