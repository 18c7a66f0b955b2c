import type { EnvironmentName, HostName, ImageName, PoolName, ServiceName } from '../domain/ids.ts';
import { matchesHostPattern } from './host-pattern.ts';
import type { Scope } from './rule.ts';

/** What one command acts on. A dimension that is absent is not touched by it. */
export interface Target {
  readonly host?: HostName;
  readonly pool?: PoolName;
  readonly environment?: EnvironmentName;
  readonly image?: ImageName;
  readonly service?: ServiceName;
}

/**
 * Why a scope does not cover a target, or undefined when it does. A scope that names images covers no command without
 * an image: what is not known to be inside is outside.
 */
export function outsideScope(scope: Scope, target: Target = {}): string | undefined {
  const { host, pool, environment, image, service } = target;
  if (!includes(scope.environments, environment)) return only('environments', scope.environments);
  if (!includes(scope.pools, pool)) return only('pools', scope.pools);
  if (!hostIsIn(scope.hosts, host)) return only('hosts', scope.hosts);
  if (!includes(scope.images, image)) return only('images', scope.images);
  if (!includes(scope.services, service)) return only('services', scope.services);
  return undefined;
}

/** `reimage on builder-07 (staging) with f43-builder`, as refusals and `!why` say it. */
export function commandInWords(command: string, target: Target | undefined): string {
  if (target === undefined) return command;
  const { environment, image } = target;
  const thing = target.host ?? target.service ?? (target.pool && `@${target.pool}`);
  const place = thing && environment ? `${thing} (${environment})` : (thing ?? environment);
  return `${command}${place ? ` on ${place}` : ''}${image ? ` with ${image}` : ''}`;
}

function includes<Name>(allowed: readonly Name[] | undefined, name: Name | undefined): boolean {
  return allowed === undefined || (name !== undefined && allowed.includes(name));
}

function hostIsIn(patterns: readonly string[] | undefined, host: HostName | undefined): boolean {
  if (patterns === undefined) return true;
  return host !== undefined && patterns.some((pattern) => matchesHostPattern(host, pattern));
}

function only(dimension: string, names: readonly string[] = []): string {
  return `is only for the ${dimension} ${names.join(', ')}`;
}
