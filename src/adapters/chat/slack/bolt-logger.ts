import { LogLevel } from '@slack/bolt';
import type { Logger } from '@slack/web-api';

/** The libraries' own words, as far as somebody should read them; below that they show payloads. */
export function boltLogger(log: (message: string) => void): Logger {
  const say = (...parts: unknown[]) => log(parts.map(String).join(' '));
  const ignore = () => undefined;
  return {
    debug: ignore,
    info: ignore,
    warn: say,
    error: say,
    setLevel: ignore,
    setName: ignore,
    getLevel: () => LogLevel.WARN,
  };
}
