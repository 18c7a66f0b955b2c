import { plainYaml } from './plain-yaml.ts';
import { type Position, type PositionedYaml, positionedYaml } from './positioned-yaml.ts';
import type { Path, Problem } from './problem.ts';

/** A YAML file that was read, and the way back from its values to their lines. */
export interface ConfigFile {
  /** As it is shown. */
  readonly name: string;
  readonly text: string;
  /** Undefined when it is not YAML; `problems` say why. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  position(path: Path, at: 'key' | 'value'): Position;
  /** A scalar as it was typed. */
  written(path: Path): string | undefined;
  /** A problem with the value at `path`, at the line and column where it stands. */
  problem(path: Path, what: Complaint): Problem;
}

export interface Complaint {
  readonly message: string;
  readonly expected?: string;
  readonly next: string;
  /** Points to the key instead of its value. */
  readonly at?: 'key' | 'value';
  readonly value?: unknown;
}

/** Positions are worked out with the first question for one: most files have no problem and are read fast. */
export function configFile(name: string, text: string): ConfigFile {
  const plain = plainYaml(text);
  let positioned: PositionedYaml | undefined;
  const positions = () => {
    positioned ??= positionedYaml(text);
    return positioned;
  };
  return {
    name,
    text,
    value: plain ?? positions().value,
    problems: plain === undefined ? syntaxProblems(name, positions()) : [],
    position: (path, at) => positions().position(path, at),
    written: (path) => positions().written(path),
    problem: (path, { at = 'value', ...what }) => ({
      file: name,
      path,
      ...positions().position(path, at),
      ...what,
    }),
  };
}

function syntaxProblems(file: string, { faults }: PositionedYaml): Problem[] {
  return faults.map((fault) => ({ file, path: [], ...fault }));
}
