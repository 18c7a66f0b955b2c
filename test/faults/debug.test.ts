import { it } from 'vitest';
import { playHistory } from './twin/history.ts';
it('x', async () => {
  for (let seed = Number(process.env.S ?? 1); seed <= Number(process.env.E ?? 3000); seed++) {
    let s = (seed * 2654435761) >>> 0;
    const rnd = () => { s ^= s << 13; s >>>= 0; s ^= s >>> 17; s ^= s << 5; s >>>= 0; return s & 0xffff; };
    const numbers = Array.from({ length: rnd() % 600 }, rnd);
    const { violations, log, told } = await playHistory(numbers);
    if (violations.length) {
      console.log(seed, violations.join('|').slice(0, 900));
      if (process.env.V) { console.log(log.map((l, i) => `${i} ${l}`).join('\n')); for (const t of told) console.log(t.op, t.entries.map((e) => JSON.stringify({ at: e.at % 100000000, ...e.event, plan: undefined, prompt: undefined }).slice(0, 160)).join('\n')); }
      break;
    }
    if (seed % 100 === 0) process.stderr.write(`${seed}\n`);
  }
}, 590_000);
