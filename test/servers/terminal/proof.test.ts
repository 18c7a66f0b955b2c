import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proofPath } from '../../../src/adapters/chat/terminal/challenge.ts';
import { provedUser } from '../../../src/adapters/chat/terminal/proved-user.ts';
import { prepareFolder } from '../../../src/adapters/chat/terminal/socket-folder.ts';
import { DAEMON, isRoot } from './unix-users.ts';

const own = userInfo().username;
let folder = '';
let proof = '';

beforeEach(async () => {
  folder = mkdtempSync('/tmp/sbt-');
  const place = await prepareFolder(join(folder, 'socket'));
  proof = proofPath(place.folder, place.socket, 'ab'.repeat(32));
});
afterEach(() => rmSync(folder, { recursive: true }));

const refusal = (because: string) =>
  expect(provedUser(proof)).rejects.toThrow(`The bot cannot tell which user this is: ${because}`);

describe('the proof of which user a peer is', () => {
  it('is a directory that is nobody else’s to write in, and is gone once it was seen', async () => {
    mkdirSync(proof, { mode: 0o700 });
    expect(await provedUser(proof)).toBe(own);
    await refusal('ENOENT');
  });

  it.runIf(isRoot)('says whose it is', async () => {
    mkdirSync(proof, { mode: 0o700 });
    chownSync(proof, DAEMON.uid, DAEMON.gid);
    expect(await provedUser(proof)).toBe('daemon');
  });

  it('is nothing where nobody made it', () => refusal('ENOENT'));

  it('is no symbolic link to a directory of somebody else', async () => {
    mkdirSync(join(folder, 'other'), { mode: 0o700 });
    symlinkSync(join(folder, 'other'), proof);
    await refusal('what was made is no directory');
  });

  it('is no hard link to a file of somebody else', async () => {
    writeFileSync(join(folder, 'other'), '', { mode: 0o700 });
    linkSync(join(folder, 'other'), proof);
    await refusal('what was made is no directory');
  });

  it('is none that others could have moved there', async () => {
    mkdirSync(proof);
    chmodSync(proof, 0o777);
    await refusal('others than its owner may write in what was made');
  });

  it.runIf(isRoot)('is none of a user without a name', async () => {
    mkdirSync(proof, { mode: 0o700 });
    chownSync(proof, 54_321, 54_321);
    await refusal('user 54321 cannot be named');
  });

  it('is of another name for every socket, so that no other bot can have it made for us', () => {
    const nonce = 'ab'.repeat(32);
    expect(proofPath('/run/a', '/run/a/socket', nonce)).not.toBe(
      proofPath('/run/a', '/run/b/socket', nonce),
    );
  });
});
