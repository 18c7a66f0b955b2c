import { createRedactor } from '../../../jobs/engine/redactor.ts';

/** Makes texts of a run fit to be shown. */
export interface RunTexts {
  /** Every secret that the run is given, before it is started. */
  learn(secret: string): void;
  /** Without secrets, and with paths as they are in the repository. */
  show(text: string): string;
}

/** Secrets are known as they are, as they stand in JSON and in base64, which is how modules give back what they read. */
export function runTexts(checkout: string): RunTexts {
  const redactor = createRedactor();
  return {
    learn(secret) {
      redactor.learn(secret);
      for (const line of secret.split('\n')) redactor.learn(JSON.stringify(line).slice(1, -1));
      redactor.learn(Buffer.from(secret).toString('base64'));
    },
    show: (text) => redactor.redact(text).replaceAll(`${checkout}/`, ''),
  };
}
