import type { Certificates } from './certificates.ts';

export interface Ports {
  /** With TLS, as the bot connects. */
  readonly tls: number;
  /** Without, for the people of a test. */
  readonly plain: number;
  readonly services: number;
}

export interface ServerTraits {
  /** Modules of InspIRCd that this one does without, e.g. `ircv3_accounttag`. */
  readonly without: readonly string[];
  /** Whether it ends the bot's connection for more than ten lines at once, or four in a second. */
  readonly strict: boolean;
}

const MODULES =
  'spanningtree cap ircv3 ircv3_accounttag ircv3_batch ircv3_capnotify ircv3_ctctags ircv3_echomessage ircv3_labeledresponse ircv3_msgid ircv3_servertime sasl services_account namesx uhnames chghost hidechans swhois svshold ssl_gnutls sslinfo chanhistory';

const UNLIMITED = 'threshold="1000" commandrate="1000000" fakelag="no"';

/** InspIRCd on loopback, with whatever account a message was sent from on the message. */
export function serverConfig(
  folder: string,
  { tls, plain, services }: Ports,
  { ca, server }: Certificates,
  { without, strict }: ServerTraits,
): string {
  const modules = MODULES.split(' ').filter((name) => !without.includes(name));
  const budget = strict ? 'threshold="10" commandrate="4000" fakelag="no"' : UNLIMITED;
  const connect = (port: number, more: string) =>
    `<connect name="${port}" allow="*" port="${port}" timeout="60" pingfreq="120" hardsendq="1M" softsendq="65536" recvq="8K" ${more} localmax="300" globalmax="300" resolvehostnames="no" useident="no">`;
  return `<server name="irc.test" description="t" network="TestNet" id="1AA">
<admin name="a" nick="a" email="a@b">
${modules.map((name) => `<module name="${name}">`).join('')}
<sslprofile name="own" provider="gnutls" cafile="${ca}" certfile="${server.certificate}" keyfile="${server.key}" hash="sha256" requestclientcert="yes">
<bind address="127.0.0.1" port="${tls}" type="clients" sslprofile="own">
<bind address="127.0.0.1" port="${plain}" type="clients">
<bind address="127.0.0.1" port="${services}" type="servers">
<path configdir="${folder}" datadir="${folder}" logdir="${folder}" moduledir="/usr/lib/inspircd/modules" runtimedir="${folder}">
${connect(tls, budget)}
${connect(plain, UNLIMITED)}
<class name="c"><chanhistory bots="yes" maxlines="50" prefixmsg="no">
<link name="services.test" ipaddr="127.0.0.1" port="${services}" allowmask="127.0.0.0/8" sendpass="pw" recvpass="pw">
<uline server="services.test" silent="yes"><sasl target="services.test">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="i.log" flush="1"><options casemapping="ascii" defaultmodes="not"><performance>
<dns server="127.0.0.1" timeout="1">
`;
}

const NICKSERV = {
  REGISTER: 'register',
  IDENTIFY: 'identify',
  LOGOUT: 'logout',
  CERT: 'cert',
  RECOVER: 'recover',
  GROUP: 'group',
};

/** Anope with accounts that need no confirmation. */
export function servicesConfig(folder: string, { services }: Ports): string {
  const block = (name: string, words: Readonly<Record<string, string | number>>) =>
    `${name}\n{\n${Object.entries(words)
      .map(([key, value]) => `  ${key} = ${quoted(value)}\n`)
      .join('')}}\n`;
  const module = (name: string, words = {}) => block('module', { name, ...words });
  return [
    block('uplink', { host: '127.0.0.1', port: services, password: 'pw' }),
    block('serverinfo', {
      name: 'services.test',
      description: 's',
      pid: `${folder}/services.pid`,
      motd: 'services.motd',
    }),
    module('inspircd3'),
    block('networkinfo', {
      networkname: 'TestNet',
      nicklen: 31,
      userlen: 10,
      hostlen: 64,
      chanlen: 32,
      vhost_chars: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-',
      allow_undotted_vhosts: 'no',
      disallow_start_or_end: '.-',
    }),
    block('options', {
      casemap: 'ascii',
      seed: 12_345,
      strictpasswords: 'no',
      badpasslimit: 0,
      badpasstimeout: '1h',
      updatetimeout: '1s',
      expiretimeout: '30m',
      readtimeout: '5s',
      warningtimeout: '4h',
      timeoutcheck: '1s',
      retrywait: '1s',
    }),
    block('log', { target: 'services.log', logage: 7, servers: '*', other: '*', debug: 'no' }),
    block('service', { nick: 'NickServ', user: 'services', host: 'services.test', gecos: 'ns' }),
    module('nickserv', {
      client: 'NickServ',
      defaults: 'autoop',
      regdelay: '0s',
      guestnickprefix: 'Guest',
      minpasslen: 1,
      passlen: 64,
      confirmemailchanges: 'no',
      expire: 0,
    }),
    ...Object.entries(NICKSERV).map(([name, command]) =>
      block('command', { service: 'NickServ', name, command: `nickserv/${command}` }),
    ),
    module('ns_register', { registration: 'none' }),
    module('ns_recover', { restoreonrecover: 'yes' }),
    ...['ns_identify', 'ns_logout', 'ns_cert', 'ns_group', 'm_sasl', 'enc_sha256'].map((name) =>
      module(name, name === 'ns_cert' ? { max: 5 } : {}),
    ),
    module('db_flatfile', {
      database: 'anope.db',
      keepbackups: 1,
      fork: 'no',
      nobackupok: 'yes',
    }),
  ].join('\n');
}

function quoted(value: string | number): string {
  return typeof value === 'number' || value === 'yes' || value === 'no' || /^\d+[a-z]$/.test(value)
    ? String(value)
    : `"${value}"`;
}
