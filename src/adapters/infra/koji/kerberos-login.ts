/** Where the bot's Kerberos ticket comes from. */
export type KerberosLogin =
  /** A ticket of its own for each login, fetched with the principal's key and kept nowhere. */
  | { readonly kind: 'keytab'; readonly keytabFile: string; readonly principal: string }
  /** Tickets that somebody else keeps fresh, in libkrb5's notation, e.g. `FILE:/run/signalbox/ccache`. */
  | { readonly kind: 'ccache'; readonly ccache: string };

/** Nothing of ours reaches the child but what it needs: our environment holds secrets. */
export function kerberosEnvironment(
  login: KerberosLogin,
  home: string,
): Readonly<Record<string, string>> {
  const { PATH = '', KRB5_CONFIG } = process.env;
  const common = { PATH, HOME: home, LC_ALL: 'C', ...(KRB5_CONFIG ? { KRB5_CONFIG } : {}) };
  if (login.kind === 'ccache') return { ...common, KRB5CCNAME: login.ccache };
  return { ...common, KRB5CCNAME: 'MEMORY:signalbox', KRB5_CLIENT_KTNAME: login.keytabFile };
}

/**
 * A keytab may hold several principals, and libkrb5 would take the first. What it takes is chosen in
 * `~/.k5identity`. Source: https://web.mit.edu/kerberos/krb5-latest/doc/user/user_config/k5identity.html
 */
export function identityFile(login: KerberosLogin): string {
  return login.kind === 'keytab' ? `${login.principal}\n` : '';
}
