import type { Ports } from '../../../src/jobs/ports/ports.ts';

export interface DeathAt {
  /** After so many calls of it. */
  readonly after?: number;
  /** The call is carried out, and only its answer is lost. */
  readonly acted?: true;
}

/** After so many calls the next one takes its worker with it, and nobody is told. */
export function deadly(
  ports: Ports,
  port: keyof Ports,
  method: string,
  { after = 0, acted }: DeathAt,
  died: () => void,
): Ports {
  let calls = 0;
  const mortal = new Proxy(ports[port] as object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (key !== method || typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        calls += 1;
        if (calls <= after) return value.apply(target, args);
        if (acted) await value.apply(target, args);
        died();
        return new Promise(() => undefined);
      };
    },
  });
  return { ...ports, [port]: mortal };
}
