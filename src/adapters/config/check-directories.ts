import { normalDn } from '../directory/ldap/distinguished-name.ts';
import { type ConfigPart, entriesOf, inside, items, problemOf } from './config-part.ts';
import type { People } from './people.ts';
import type { Problem } from './problem.ts';
import { repeatedNames } from './repeated-names.ts';

/** Each LDAP directory has a name of its own, and each group is one entry of one directory. */
export function checkDirectories(whole: ConfigPart, people: People | undefined): Problem[] {
  const directories = ldapParts(whole);
  return [
    ...repeatedNames(
      directories.map((each) => inside(each, 'name')),
      { one: 'directory', several: 'directories' },
    ),
    ...conferredTwice(directories, people),
    ...directories.flatMap(sameEntries),
  ];
}

/** The groups that LDAP directories confer. Who is in them is not known here. */
export function ldapGroups(whole: ConfigPart): readonly string[] {
  return ldapParts(whole).flatMap((each) => conferred(each).map(({ key }) => key));
}

export function ldapParts(whole: ConfigPart): ConfigPart[] {
  return items(inside(whole, 'directory', 'ldap'));
}

function conferred(directory: ConfigPart) {
  return entriesOf(inside(directory, 'groups', 'confers'));
}

function conferredTwice(directories: readonly ConfigPart[], people: People | undefined): Problem[] {
  const owners = new Map<string, string>(
    [...(people?.groups.keys() ?? [])].map((group) => [group, 'the people file']),
  );
  return directories.flatMap((directory) =>
    conferred(directory).flatMap(({ key, part }) => {
      const owner = owners.get(key);
      owners.set(key, owner ?? `directory "${inside(directory, 'name').value}"`);
      if (owner === undefined) return [];
      return [
        problemOf(part, {
          at: 'key',
          message: `group "${key}" is conferred by ${owner} already`,
          expected: 'a name that one directory confers, since a group is an entry of one directory',
          next: `give it another name here, and name both in the rules if both are meant`,
          value: key,
        }),
      ];
    }),
  );
}

/** Two names for one entry would let one person be counted as of two groups. */
function sameEntries(directory: ConfigPart): Problem[] {
  const first = new Map<string, string>();
  return conferred(directory).flatMap(({ key, part }) => {
    const entry = normalDn(String(part.value));
    const other = entry === undefined ? undefined : first.get(entry);
    if (entry !== undefined && other === undefined) first.set(entry, key);
    if (other === undefined) return [];
    return [
      problemOf(part, {
        message: `group "${key}" is the same entry as group "${other}"`,
        expected: 'an entry of its own for each group',
        next: 'remove one of the two',
      }),
    ];
  });
}
