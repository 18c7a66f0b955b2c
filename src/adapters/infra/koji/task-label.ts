import type { TaskInfo } from './hub-answers.ts';

// What goes to chat comes from whoever submitted the task.
const PLAIN = /^[\w.+~-]{1,80}$/;

/** What each method builds, from its first parameter. Source: `_taskLabel` in koji/__init__.py. */
const SUBJECT: Readonly<Record<string, (first: string) => string>> = {
  build: sourceName,
  buildSRPMFromSCM: sourceName,
  rebuildSRPM: sourceName,
  buildArch: sourceName,
};

/** The method and the package, e.g. `buildArch kernel`; the method and the number where no package is known. */
export function taskLabel({ id, method, request }: TaskInfo): string {
  const first: unknown = Array.isArray(request) ? request[0] : undefined;
  const subject = typeof first === 'string' ? SUBJECT[method]?.(first) : undefined;
  const shown = PLAIN.test(method) ? method : 'task';
  return subject !== undefined && PLAIN.test(subject) ? `${shown} ${subject}` : `${shown} ${id}`;
}

/** `git+https://src.example.org/rpms/kernel.git#c0ffee` and `tasks/1/kernel-6.11-3.fc43.src.rpm` are both `kernel`. */
function sourceName(source: string): string {
  const [path = ''] = source.split(/[?#]/);
  const base = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  if (!base.endsWith('.src.rpm')) return base.replace(/\.git$/, '');
  return base.slice(0, -'.src.rpm'.length).split('-').slice(0, -2).join('-');
}
