export const RCODE = {
  NOERROR: 0,
  FORMERR: 1,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
} as const;
export type Rcode = (typeof RCODE)[keyof typeof RCODE];

export const CLASS = { IN: 1, NONE: 254, ANY: 255 } as const;

export const TYPE = { A: 1, NS: 2, CNAME: 5, SOA: 6, AAAA: 28, ANY: 255 } as const;

/** What ends the handling of an update, with what it is answered. */
export class UpdateError extends Error {
  readonly rcode: Rcode;

  constructor(rcode: Rcode, because: string) {
    super(because);
    this.rcode = rcode;
  }
}
