import { GroupName, UserId } from '../../src/domain/ids.ts';
import type { Person } from '../../src/domain/inventory.ts';

function person(id: string, ...groups: string[]): Person {
  return { id: UserId.parse(id), groups: groups.map((group) => GroupName.parse(group)) };
}

/** Who the tests of the policies are about. */
export const ana = person('ana', 'sysadmin-builders');
export const ben = person('ben', 'sysadmin-builders');
export const eve = person('eve', 'sysadmin-main');
export const kim = person('kim', 'community');
export const lou = person('lou');

export const group = (name: string) => GroupName.parse(name);
