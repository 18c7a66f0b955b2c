/** A playbook of one play with these tasks, each in YAML's one-line form. */
export function play(tasks: readonly string[], hosts = 'pool_builders'): string {
  const lines = tasks.map((task) => `    - ${task}`);
  return [`- hosts: ${hosts}`, '  gather_facts: false', '  tasks:', ...lines, ''].join('\n');
}
