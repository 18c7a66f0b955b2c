const PENALTY_MS = 30_000;

/** The servers of one directory, of which those that died lately are tried last. */
export interface ServerOrder<Server> {
  inTurn(): readonly Server[];
  died(server: Server): void;
  answered(server: Server): void;
}

/** `now` never goes backwards, in ms. */
export function serverOrder<Server>(
  servers: readonly Server[],
  now: () => number,
): ServerOrder<Server> {
  const avoidedUntil = new Map<Server, number>();
  const isAvoided = (server: Server) => (avoidedUntil.get(server) ?? 0) > now();
  return {
    inTurn: () => [...servers.filter((server) => !isAvoided(server)), ...servers.filter(isAvoided)],
    died: (server) => void avoidedUntil.set(server, now() + PENALTY_MS),
    answered: (server) => void avoidedUntil.delete(server),
  };
}
