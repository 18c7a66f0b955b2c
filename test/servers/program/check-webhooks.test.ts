import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { webhookServer } from '../../webhook-server.ts';
import { labSite } from './lab-site.ts';
import { replaceSettings } from './replace-settings.ts';
import { run } from './signalbox.ts';

/** A program behind TLS with a certificate that nobody has signed, and how often it was asked for anything. */
async function behindTls(folder: string, { onTestFinished }: TestContext) {
  const [key, certificate] = [join(folder, 'tls.key'), join(folder, 'tls.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', ...subject];
  execFileSync('openssl', [...made, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  let requests = 0;
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, () => {
    requests += 1;
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}/hook`, certificate, requests: () => requests };
}

it('signalbox check says of each webhook whether it can be reached, and posts nothing', async (context) => {
  const site = await labSite(context);
  const [plain, gone] = [await webhookServer(), await webhookServer()];
  context.onTestFinished(() => plain.close());
  await gone.close();
  const guarded = await behindTls(site.farm.folder, context);
  const urls = { plain: plain.url.href, gone: gone.url.href, guarded: guarded.url };
  const webhooks = Object.entries(urls).map(([name, url]) => ({ name, url, secret: 'known' }));
  webhooks.push({ name: 'mute', url: urls.plain, secret: 'forgotten' });
  const { configPath } = site.farm;
  await replaceSettings(configPath, () => ({ reports: { webhooks } }));
  const env = { ...site.env, SIGNALBOX_SECRET_KNOWN: 'secret' };

  const { code, out } = await run(['check'], { ...site, env });
  expect(code).toBe(1);
  expect(out).toContain(`ok    webhook plain: ${plain.url.host} answers\n`);
  expect(out).toMatch(
    /^FAIL {2}webhook gone: 127\.0\.0\.1:\d+ cannot be reached: connect ECONNREFUSED/m,
  );
  expect(out).toMatch(
    /^FAIL {2}webhook guarded: localhost:\d+ cannot be reached: self-signed certificate/m,
  );
  expect(out).toMatch(
    /^FAIL {2}webhook mute: the secret forgotten is not at hand: .* where the bot runs\./m,
  );
  const trusting = { ...env, NODE_EXTRA_CA_CERTS: guarded.certificate };
  const { out: trusted } = await run(['check'], { ...site, env: trusting });
  expect(trusted).toMatch(
    /^ok {4}webhook guarded: localhost:\d+ answers, its certificate is valid until 20\d\d-/m,
  );
  expect([plain.received.length, guarded.requests()]).toEqual([0, 0]);
});
