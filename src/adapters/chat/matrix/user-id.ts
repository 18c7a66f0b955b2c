const LONGEST_BYTES = 255;
/** What the specification allows, with what it allowed in former times: nothing that looks like something else. */
const USER_ID =
  /^@([!-9;-~]+):((?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)$/;

export interface MatrixUser {
  readonly id: string;
  readonly localpart: string;
  /** The homeserver that vouches for them. */
  readonly server: string;
}

/** Undefined for what is no user id, or one whose characters could pass for others. */
export function parseUserId(id: string): MatrixUser | undefined {
  const [, localpart, server] = (id.length <= LONGEST_BYTES && USER_ID.exec(id)) || [];
  return localpart === undefined || server === undefined ? undefined : { id, localpart, server };
}
