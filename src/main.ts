import { Command, CommanderError, Option } from 'commander';
import { ConfigError } from './adapters/config/problem.ts';
import { Failure } from './domain/failure.ts';
import { auditExportCommand, auditVerifyCommand } from './program/audit/audit-commands.ts';
import {
  acceptCommand,
  checkCommand,
  initCommand,
  inventoryCommand,
  roleCommand,
  storeAclCommand,
} from './program/commands.ts';
import { runCommand } from './program/run/run-command.ts';
import { statusCommand } from './program/status/status-command.ts';
import { backupCommand, restoreCommand } from './program/store/backup-commands.ts';
import { storeAcceptCommand } from './program/store/store-commands.ts';

const program = new Command('signalbox')
  .description('ChatOps for infrastructure teams: durable, approved, reversible changes.')
  .showHelpAfterError('(signalbox --help lists what there is)')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

const config = ['-c, --config <file>', 'the configuration', 'signalbox.yaml'] as const;

program
  .command('demo')
  .description('a lab on this machine: SSH servers, a koji hub, people; type at the prompt')
  .option(
    '--script <file>',
    'run a script without a terminal; ends 0 when every expectation was met',
  )
  .addHelpText('after', '\nTry it: signalbox demo, then !reimage builder-07, /as ben, +👍')
  .action(async ({ script }: { readonly script?: string }) => {
    const { runDemo } = await import('./lab/demo.ts');
    process.exitCode = await runDemo(script);
  });

program
  .command('init')
  .description('write a first configuration: signalbox.yaml, inventory.yaml, people.yaml')
  .argument('[folder]', 'where to', '.')
  .option(
    '--from-ansible <inventory>',
    'take the hosts from an Ansible inventory (INI, YAML or --list JSON)',
  )
  .action(initCommand);

program
  .command('check')
  .description('check configuration, inventory and every connection; exit 1 on any fault')
  .argument('[command...]', 'a command to explain, with --as')
  .option(...config)
  .option('--as <person>', 'say why this person may do it or not; exit 1 when it is refused')
  .option('--from <place>', 'where it is asked: a network, or a channel such as irc/#ops')
  .option('--rules <table>', 'try a table of who may do what; exit 1 when a row fails')
  .action(checkCommand);

for (const [name, description] of [
  ['start', 'bot and workers of every zone in one process'],
  ['bot', 'the bot alone: networks, commands, narrator'],
] as const) {
  program
    .command(name)
    .description(description)
    .option(...config)
    .addOption(statusOption())
    .action(roleCommand(name));
}

program
  .command('worker')
  .description('a worker alone: runs the steps of its zone')
  .option(...config)
  .option('--zone <zone>', 'the zone whose operations it takes; needed when there are several')
  .addOption(statusOption())
  .action(roleCommand('worker'));

program
  .command('run')
  .description(
    'one command from a terminal or cron, as the Unix user it comes from; it may ask, and never approve',
  )
  .argument('<command>', "as in chat, with or without the prefix: 'reimage builder-07'")
  .option(...config)
  .addOption(socketOption())
  .option('--wait', 'until what it asked for has ended')
  .addHelpText(
    'after',
    '\nEnds with 0 when it was done, 1 when it was refused or failed, 2 when it was not understood, 3 when no bot answered.',
  )
  .action(runCommand);

program
  .command('status')
  .description(
    'how pools, services and open operations are; reads only, also without a bot and beside one',
  )
  .option(...config)
  .option('--json', 'as one JSON document, for monitoring')
  .addHelpText(
    'after',
    '\nEnds with 0 when it could be said, 1 when configuration or store cannot be read. A build system that does not answer is no failure.',
  )
  .action(statusCommand);

program
  .command('identity')
  .description('accounts that are linked to the person you are; see docs/identity.md')
  .argument('[words...]', 'link NETWORK, code CODE, confirm ACCOUNT, unlink NETWORK [ACCOUNT]')
  .option(...config)
  .addOption(socketOption())
  .action((words: readonly string[], options) =>
    runCommand(['identity', ...words].join(' '), options),
  );

program
  .command('inventory')
  .description(
    "the inventory as Ansible's dynamic inventory: groups, and what is known of each host",
  )
  .option(...config)
  .option('--list', 'all of it, which is also the answer when nothing is asked')
  .addOption(new Option('--host <host>', 'the variables of one host').conflicts('list'))
  .addHelpText(
    'after',
    '\nFor ansible -i: an executable file with: exec signalbox inventory -c /etc/signalbox/signalbox.yaml "$@"',
  )
  .action(inventoryCommand);

const store = program.command('store').description('the store, which is Redis or Valkey');
store
  .command('acl')
  .description('one Redis user for each role and zone, with no more rights than it needs')
  .argument(
    '[folder]',
    "write users.acl for Redis's aclfile there, with a password file for each user; without it, print ACL SETUSER lines",
  )
  .option(...config)
  .action(storeAclCommand);
store
  .command('accept')
  .description(
    'let a store go on that is read-only, because it went backwards or came up empty; what was under way asks first',
  )
  .option(...config)
  .action(storeAcceptCommand);

program
  .command('hostkey')
  .description('SSH host keys that hosts have to show')
  .command('accept')
  .description(
    'put the key that a host shows on record, after comparing its fingerprint at its console',
  )
  .argument('<host>', 'a host of the inventory')
  .argument('<fingerprint>', 'as it was shown: SHA256:…')
  .option(...config)
  .action(acceptCommand);

program
  .command('backup')
  .description('write everything that is in the store to a file, also while everything runs')
  .argument('<file>', 'one that is not there yet')
  .option(...config)
  .action(backupCommand);

program
  .command('restore')
  .description('put a backup into an empty store, which is read-only until signalbox store accept')
  .argument('<file>', 'a backup that a trusted key signed')
  .option(...config)
  .option('--force', 'throw away what is in the store')
  .action(restoreCommand);

const audit = program
  .command('audit')
  .description('what is on record: whether it is whole, and all of it');
audit
  .command('verify')
  .description('compare journals, feed, signatures and anchors; exit 1 when anything does not fit')
  .option(...config)
  .option(
    '--anchors <file>',
    "another copy of the bot's anchors, such as the one in its git repository",
  )
  .action(auditVerifyCommand);
audit
  .command('export')
  .description('every entry as a line of JSON')
  .option(...config)
  .option('--target <target>', 'of operations on this host or pool')
  .option('--person <person>', 'by this person')
  .option('--from <time>', 'not before this time')
  .option('--before <time>', 'before this time')
  .action(auditExportCommand);

try {
  await program.parseAsync();
} catch (problem) {
  process.exitCode = tell(problem);
}

function socketOption(): Option {
  const what = 'where the bot listens, instead of what the configuration says';
  return new Option('--socket <path>', what).env('SIGNALBOX_SOCKET');
}

/** Off unless it is named, by the option or the environment. */
function statusOption(): Option {
  return new Option(
    '--status <[address:]port>',
    'answer /healthz, /readyz and /metrics there, on loopback unless an address says otherwise',
  ).env('SIGNALBOX_STATUS');
}

/** What was wrong, for whoever typed it. A bug keeps its stack. */
function tell(problem: unknown): number {
  if (problem instanceof CommanderError) return problem.exitCode;
  if (problem instanceof ConfigError) process.stderr.write(`${problem.message}\n`);
  else if (problem instanceof Failure) {
    process.stderr.write(`signalbox: ${problem.message}. ${problem.next}\n`);
  } else throw problem;
  return 1;
}
