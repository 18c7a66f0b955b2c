/** A request to a DNS server that is not answered arrives within this time or never, in milliseconds. */
export const DNS_SETTLES_MS = 8_000;
