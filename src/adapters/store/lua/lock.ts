import { ZONE } from './zone.ts';

/** ARGV: key, who, why, the claims revision it was decided on. Answers 1, or 0 when the claims moved. */
export const LOCK = `${ZONE}
local key, by, because, revision = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if claims_revision() ~= revision then return 0 end
redis.call('HSET', claims, 'hand:' .. key, cjson.encode({ by = by, because = because, since = now }))
claims_changed('hand')
return 1
`;

/** ARGV: key. Answers 1, or 0 when there is no such lock set by hand. */
export const UNLOCK = `${ZONE}
if redis.call('HDEL', claims, 'hand:' .. ARGV[1]) == 0 then return 0 end
claims_changed('hand')
wake_awaiting()
return 1
`;
