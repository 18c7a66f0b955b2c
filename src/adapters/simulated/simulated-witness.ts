import type { BootWitness } from '../../jobs/ports/boot-witness.ts';
import type { DriverEnvironment } from '../driver.ts';
import sshWitness from '../infra/ssh-boot-witness.ts';

/** The real witness with its defaults, over whatever shell the environment has. */
export function simulatedWitness(environment: DriverEnvironment): BootWitness {
  return sshWitness.connect(sshWitness.config.parse({}), environment).port;
}
