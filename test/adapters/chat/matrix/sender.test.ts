import { describe, expect, it } from 'vitest';
import { senderOf } from '../../../../src/adapters/chat/matrix/sender.ts';
import { parseUserId } from '../../../../src/adapters/chat/matrix/user-id.ts';

describe('who sent an event', () => {
  it('is their user id, of a homeserver that counts', () => {
    expect(senderOf('@ana:ops.test', ['ops.test'])).toEqual({ id: '@ana:ops.test', shown: 'ana' });
  });

  it('is shown with the homeserver where several count', () => {
    const { shown } = senderOf('@ana:ops.test', ['ops.test', 'other.test']);
    expect(shown).toBe('@ana:ops.test');
  });

  it.each([
    '@ana:evil.test',
    '@ana:ops.test.evil.test',
    '@ana:evil-ops.test',
    '@ana:ops.test:8448',
    '@ana:OPS.test',
  ])('is nobody as %s, and hears why', (id) => {
    const sender = senderOf(id, ['ops.test']);
    expect(sender).toMatchObject({ id: undefined, shown: id });
    expect(sender.unknown?.next).toBeTruthy();
  });

  it('hears which homeserver does not count', () => {
    expect(senderOf('@ana:evil.test', ['ops.test']).unknown).toEqual({
      because: 'your homeserver evil.test does not count here',
      next: 'Use an account of ops.test.',
    });
  });

  it.each([
    '@аna:ops.test',
    '@ana\u202e:ops.test',
    '@an a:ops.test',
    '@:ops.test',
    'ana:ops.test',
    '@ana',
    '@ana:',
    '@ana:ops.test ',
    '@ana:ops.test\n',
    '@ana:ops..test-',
    `@${'a'.repeat(300)}:ops.test`,
  ])('is nobody as %j, whose characters could be mistaken for others', (id) => {
    expect(parseUserId(id)).toBeUndefined();
    expect(senderOf(id, ['ops.test']).id).toBeUndefined();
  });

  it('may have the characters of former times, and an address for a homeserver', () => {
    expect(parseUserId('@Ana=x/y+z:[2001:db8::1]:8448')).toMatchObject({
      localpart: 'Ana=x/y+z',
      server: '[2001:db8::1]:8448',
    });
  });
});
