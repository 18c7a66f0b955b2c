import { createRequire, registerHooks } from 'node:module';
import type { CryptoModule } from './encryption/crypto-module.ts';

type Sdk = typeof import('matrix-bot-sdk');

/** What it drags in and we never run: they are not maintained any more, and one warns at every start. */
const UNUSED = ['request', 'htmlencode'];
const NATIVE = '@matrix-org/matrix-sdk-crypto-nodejs';

const STAND_IN = `
class Missing { constructor() { throw new Error('the native part of ${NATIVE} is missing on this machine'); } }
module.exports = new Proxy({}, { get: (_, name) => (name === '__esModule' ? undefined : Missing) });
`;

let loading: Promise<Sdk> | undefined;

/**
 * The SDK, loaded when it is first needed. Its import fails where the native file for encryption could not be downloaded:
 * there it gets a stand-in.
 */
export function loadSdk(): Promise<Sdk> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Sdk> {
  const hooks = standInFor(cryptoModule() ? UNUSED : [...UNUSED, NATIVE]);
  const sdk = await import('matrix-bot-sdk').finally(() => hooks.deregister());
  // What goes wrong is thrown as well, and its own log would go to the console.
  const silent = () => undefined;
  sdk.LogService.setLogger({
    info: silent,
    warn: silent,
    error: silent,
    debug: silent,
    trace: silent,
  });
  return sdk;
}

/** What encrypts; undefined where its native file could not be downloaded. */
export function cryptoModule(): CryptoModule | undefined {
  try {
    return createRequire(createRequire(import.meta.url).resolve('matrix-bot-sdk'))(NATIVE);
  } catch {
    return undefined;
  }
}

function standInFor(names: readonly string[]) {
  const urlOf = (name: string) => `file:///stand-in/${name.replaceAll('/', '-')}.cjs`;
  const urls = new Set(names.map(urlOf));
  return registerHooks({
    resolve: (specifier, context, next) =>
      names.includes(specifier) && context.parentURL?.includes('/matrix-bot-sdk/')
        ? { url: urlOf(specifier), format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      urls.has(url)
        ? { format: 'commonjs', source: STAND_IN, shortCircuit: true }
        : next(url, context),
  });
}
