/** The faults we tell apart. Source: the `faultCode` of the exceptions in koji/__init__.py. */
export const KOJI_FAULT = {
  /** Anything without a code of its own, "not found" among it. */
  generic: 1000,
  auth: 1002,
  notAllowed: 1004,
  authExpired: 1007,
  /** Our call number is lower than the last one the hub has seen. Nothing was done. */
  sequence: 1008,
  /** The hub has carried out a call of this number already, and its answer was lost. */
  retry: 1009,
  offline: 1014,
  parameter: 1019,
} as const;

/** The hub's "no", as it said it. A fault comes with HTTP 200. */
export class KojiFault extends Error {
  override readonly name = 'KojiFault';
  readonly code: number;
  readonly text: string;

  constructor(code: number, text: string) {
    super(`fault ${code}: ${text}`);
    this.code = code;
    this.text = text;
  }
}
