import { expect, it } from 'vitest';
import { unlessAborted } from '../../src/domain/unless-aborted.ts';

it('gives what came of the work', async () => {
  const { signal } = new AbortController();
  await expect(unlessAborted(signal, async () => 7)).resolves.toBe(7);
  const failed = unlessAborted(signal, () => Promise.reject(new Error('no such host')));
  await expect(failed).rejects.toThrow('no such host');
});

it('throws the reason of an abort, also where the work never ends', async () => {
  const late = new AbortController();
  const endless = unlessAborted(late.signal, () => new Promise(() => undefined));
  late.abort(new Error('it took too long'));
  await expect(endless).rejects.toThrow('it took too long');
});

it('throws the reason and not what the work makes of it', async () => {
  const late = new AbortController();
  const { signal } = late;
  const listening = unlessAborted(
    signal,
    () =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('was cut off')));
      }),
  );
  late.abort(new Error('it took too long'));
  await expect(listening).rejects.toThrow('it took too long');
});

it('begins nothing after an abort', async () => {
  const signal = AbortSignal.abort(new Error('the lease is lost'));
  let begun = false;
  const never = unlessAborted(signal, async () => {
    begun = true;
  });
  await expect(never).rejects.toThrow('the lease is lost');
  expect(begun).toBe(false);
});
