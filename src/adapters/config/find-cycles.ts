/** Each circle once, as the chain from its first name back to that name. */
export function findCycles<Name>(
  names: readonly Name[],
  next: (name: Name) => readonly Name[],
): Name[][] {
  const done = new Set<Name>();
  const chain: Name[] = [];
  const cycles: Name[][] = [];
  const visit = (name: Name): void => {
    const start = chain.indexOf(name);
    if (start >= 0) cycles.push([...chain.slice(start), name]);
    if (start >= 0 || done.has(name)) return;
    chain.push(name);
    for (const each of next(name)) visit(each);
    chain.pop();
    done.add(name);
  };
  for (const name of names) visit(name);
  return cycles;
}
