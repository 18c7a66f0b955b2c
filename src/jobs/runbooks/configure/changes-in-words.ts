import type { Change, ConfigureFacts } from './facts.ts';

/** In one line. */
const NAMED = 10;

/** A line for each task that would change something, then what no preview can tell. Empty when nothing is to be done. */
export function changesInWords({ preview, files, commands }: ConfigureFacts): readonly string[] {
  const { changes, changed, unseen, unseenTasks } = preview;
  const more = changed - changes.length;
  return [
    ...changes.map(changeInWords),
    ...(more > 0 ? [`${tasks(more)} more would change something`] : []),
    ...(unseen > 0 ? [`${tasks(unseen)} can't be previewed: ${list(unseenTasks, unseen)}`] : []),
    ...(files.length > 0 ? [`put where it is not so already: ${list(files, files.length)}`] : []),
    ...(commands.length > 0 ? [`run again: ${list(commands, commands.length)}`] : []),
  ];
}

/** `write motd: /etc/motd +1 -1` */
function changeInWords({ task, files, added, removed }: Change): string {
  const lines = added + removed > 0 ? `+${added} -${removed}` : '';
  const what = [files.join(', '), lines].filter((part) => part !== '').join(' ');
  return `${task}: ${what || 'changes'}`;
}

function list(names: readonly string[], count: number): string {
  const named = names.slice(0, NAMED);
  const more = count - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function tasks(count: number): string {
  return count === 1 ? '1 task' : `${count} tasks`;
}
