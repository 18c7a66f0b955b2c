import { farmConformance } from '../../../farm-conformance.ts';
import { ADMIN, makeLab, STARTED_AT } from './koji-lab.ts';

farmConformance('koji', async () => {
  const { farm, close } = await makeLab({ user: ADMIN });
  const tasks = { running: 101, waiting: 100, assigned: 102 };
  return { farm, tasks, startedAt: STARTED_AT, close };
});
