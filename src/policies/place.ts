/** Where something is typed: a channel of a network, as the bot itself knows them. */
export interface Place {
  readonly network: string;
  readonly channel: string;
}

/** A network, or one channel of it. */
export type Whence = Pick<Place, 'network'> & Partial<Place>;

/** `matrix`, `irc/#ops`: how rules and tests of rules name it. Undefined for what is neither. */
export function whenceOf(text: string): Whence | undefined {
  const [, network, channel] = /^([a-z][a-z0-9-]*)(?:\/(.+))?$/.exec(text) ?? [];
  if (network === undefined) return undefined;
  return channel === undefined ? { network } : { network, channel };
}

export function whenceInWords({ network, channel }: Whence): string {
  return channel === undefined ? network : `${network}/${channel}`;
}

/** Whether it was typed there. What is typed nowhere that is known is not. */
export function isFrom(whence: Whence, place: Place | undefined): boolean {
  if (place?.network !== whence.network) return false;
  return whence.channel === undefined || whence.channel === place.channel;
}
