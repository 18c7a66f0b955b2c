import { createHash } from 'node:crypto';

/**
 * A group name that Ansible takes (letters, digits and underscores) for each value of one kind, no two the same. A value
 * that fits as it is keeps its name whatever else there is; of others that would come to be the same, each gets a part
 * of its digest.
 */
export function groupNames(kind: string, values: Iterable<string>): ReadonlyMap<string, string> {
  const distinct = [...new Set(values)].sort();
  const wanted = Map.groupBy(distinct, plain);
  const names = new Map<string, string>();
  for (const [name, rivals] of wanted) {
    for (const value of rivals) {
      const isAlone = rivals.length === 1 || value === name;
      names.set(value, isAlone ? name : `${name}_${digest(value)}`);
    }
  }
  return new Map([...names].map(([value, name]) => [value, `${kind}_${name}`]));
}

function plain(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9_]/g, '_');
}

/** Long enough that no value happens to end in the digest of another. */
function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16);
}
