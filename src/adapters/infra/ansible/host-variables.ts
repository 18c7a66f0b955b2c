import type { Host } from '../../../domain/inventory.ts';
import type { Json } from '../../../domain/json.ts';

export type Variables = Readonly<Record<string, Json>>;

/** What Ansible may know of a host: how to reach it, and what the inventory says of it as `signalbox_…`. */
export function hostVariables(host: Host): Variables {
  const { ssh } = host;
  return present({
    ansible_host: ssh.address ?? host.address,
    ansible_port: ssh.port,
    ansible_user: ssh.user,
    ansible_become: ssh.sudo ? true : undefined,
    signalbox_kind: host.kind,
    signalbox_pool: host.pool,
    signalbox_zone: host.zone,
    signalbox_environment: host.environment,
    signalbox_architecture: host.architecture,
    signalbox_site: host.site,
    signalbox_rack: host.rack,
    signalbox_hypervisor: host.hypervisor,
    signalbox_bmc: host.bmc,
    signalbox_build_name: host.buildName,
    signalbox_image: host.image,
    signalbox_jump: ssh.jump.length > 0 ? ssh.jump : undefined,
  });
}

function present(variables: Record<string, Json | undefined>): Variables {
  const entries = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, literal(value)] as const],
  );
  return Object.fromEntries(entries);
}

/** Marks a text that Ansible would otherwise take for a template and evaluate. */
export function literal(value: Json): Json {
  if (typeof value !== 'string' || !/\{[{%#]/.test(value)) return value;
  return { __ansible_unsafe: value };
}
